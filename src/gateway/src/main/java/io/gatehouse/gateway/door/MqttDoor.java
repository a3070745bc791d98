package io.gatehouse.gateway.door;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * Knocks at the broker's door with one MQTT 5 CONNECT (MQTT 5, section 3.1), and tells what came back. Immutable and thread-safe.
 */
public final class MqttDoor {
    private static final int CONNECT = 0x10;
    private static final int VERSION_5 = 5;
    private static final int CLEAN_START = 0x02;
    private static final int KEEP_ALIVE_SECONDS = 60;
    private static final int MILLIS = 10_000;

    private final String address;
    private final int port;
    private final String serverName;

    /** @param serverName the name that the broker's certificate has to carry */
    public MqttDoor(String address, int port, String serverName) {
        this.address = address;
        this.port = port;
        this.serverName = serverName;
    }

    /** Knocks with this client id. Never throws for what the other side does: that is the answer. */
    public Knock knock(SSLContext tls, String clientId) {
        Socket plain = new Socket();
        try {
            plain.connect(new InetSocketAddress(address, port), MILLIS);
            SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(plain, serverName, port, true);
            var parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.setSoTimeout(MILLIS);
            socket.startHandshake();
            socket.getOutputStream().write(connect(clientId));
            socket.getOutputStream().flush();
            return Knock.answered(socket);
        } catch (IOException e) {
            close(plain);
            return Knock.shut(e);
        }
    }

    private static byte[] connect(String clientId) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(body)) {
            out.writeUTF("MQTT");
            out.writeByte(VERSION_5);
            out.writeByte(CLEAN_START);
            out.writeShort(KEEP_ALIVE_SECONDS);
            out.writeByte(0); // no properties
            out.writeShort(clientId.getBytes(StandardCharsets.UTF_8).length);
            out.write(clientId.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] packet = new byte[body.size() + 2];
        packet[0] = (byte) CONNECT;
        packet[1] = (byte) body.size(); // below 128: device ids have at most 64 characters
        System.arraycopy(body.toByteArray(), 0, packet, 2, body.size());
        return packet;
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is of no use any more.
        }
    }
}
