package io.gatehouse.benchmarks;

import io.gatehouse.x509.tls.ServiceTrust;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * One MQTT 5 session over mutual TLS that does nothing but wait for its end. A thread sleeps in the read of its socket, so that the
 * end is seen as soon as the machine lets it.
 */
final class LiveSession implements AutoCloseable {
    private static final int STACK = 96 * 1024;
    private static final int CONNACK = 0x20;
    private static final long NEWS_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final LongAdder RETRIED = new LongAdder();

    private final SSLSocket socket;
    private final CompletableFuture<Long> closedNanos = new CompletableFuture<>();

    private LiveSession(SSLSocket socket) {
        this.socket = socket;
    }

    /** Connects; a broker that has not heard of the new certificate yet, or is busy with that news, is asked again. */
    static LiveSession connect(int port, SSLContext context, String id) throws IOException {
        long deadline = System.nanoTime() + NEWS_NANOS;
        while (true) {
            try {
                return attempt(port, context, id);
            } catch (NotAdmitted refused) {
                if (!refused.notYetKnown || System.nanoTime() - deadline > 0) {
                    throw refused;
                }
                RETRIED.increment();
            }
        }
    }

    private static LiveSession attempt(int port, SSLContext context, String id) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("localhost", port);
        socket.setSSLParameters(ServiceTrust.parameters());
        socket.setTcpNoDelay(true);
        socket.startHandshake();
        socket.getOutputStream().write(connectPacket(id));
        byte[] head = socket.getInputStream().readNBytes(2);
        byte[] answer = head.length == 2 ? socket.getInputStream().readNBytes(head[1]) : new byte[0];
        if (head.length < 2 || head[0] != CONNACK || answer.length < 2 || answer[1] != 0) {
            socket.close();
            throw new NotAdmitted(id, new String(answer, StandardCharsets.UTF_8));
        }
        LiveSession session = new LiveSession(socket);
        Thread waiter = new Thread(null, session::awaitEnd, "session-" + id, STACK);
        waiter.setDaemon(true);
        waiter.start();
        return session;
    }

    /** How often any session had to be asked for again. */
    static long retried() {
        return RETRIED.sum();
    }

    /** Completes with the reading of the monotonic clock at which the end of the stream was seen. */
    CompletableFuture<Long> closedNanos() {
        return closedNanos;
    }

    private void awaitEnd() {
        byte[] rest = new byte[256];
        try {
            InputStream in = socket.getInputStream();
            while (in.read(rest) >= 0) {
                // DISCONNECT comes before the end.
            }
        } catch (IOException reset) {
            // Closed as well.
        }
        closedNanos.complete(System.nanoTime());
    }

    /** CONNECT of MQTT 5 (section 3.1): clean start, keep alive far beyond the benchmark, no properties. */
    private static byte[] connectPacket(String id) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(body);
        data.writeUTF("MQTT");
        data.writeByte(5);
        data.writeByte(2);
        data.writeShort(3600);
        data.writeByte(0);
        data.writeUTF(id);
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(0x10);
        packet.write(body.size()); // an id has at most 64 characters: one byte is enough
        body.writeTo(packet);
        return packet.toByteArray();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** The broker's refusal. */
    private static final class NotAdmitted extends IOException {
        private static final long serialVersionUID = 1L;

        private final boolean notYetKnown;

        NotAdmitted(String id, String answer) {
            super(id + " was not admitted: " + answer);
            this.notYetKnown = answer.contains("unknown-certificate") || answer.contains("unavailable");
        }
    }
}
