package io.gatehouse.agent;

import io.gatehouse.testkit.TestAuthority;
import io.gatehouse.x509.Certificates;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A broker of a few lines of MQTT 5 on a real TLS port, which says whatever a test wants it to: the words of refusals, and nothing that a
 * real broker would check.
 */
final class FakeBroker implements AutoCloseable {
    /** A reason code and the reason string with it. */
    record Say(int code, String word) {
        static final Say WELCOME = new Say(0, "");
    }

    volatile Say connack = Say.WELCOME;
    /** So many CONNECTs are refused as of a certificate that is not known yet. */
    final AtomicInteger tooEarly = new AtomicInteger();

    /** Whether its TLS layer takes a client's certificate. */
    volatile boolean takesClients = true;

    volatile Say puback = Say.WELCOME;
    volatile Say suback = Say.WELCOME;
    /** Sent as a DISCONNECT right behind the CONNACK. */
    volatile @Nullable Say afterConnack;
    /** Sent as a DISCONNECT after each PUBLISH of QoS 0. */
    volatile @Nullable Say afterPublish;

    final List<X509Certificate> clients = new CopyOnWriteArrayList<>();
    final List<String> clientIds = new CopyOnWriteArrayList<>();
    final List<String> published = new CopyOnWriteArrayList<>();

    private final CopyOnWriteArrayList<SSLSocket> open = new CopyOnWriteArrayList<>();
    private final SSLServerSocket server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    FakeBroker(TestAuthority servicesCa) {
        this(servicesCa, "spiffe://gatehouse.internal/broker/b1");
    }

    FakeBroker(TestAuthority servicesCa, String role) {
        try {
            var context = FakeService.context(servicesCa.server(order -> order.uri(role)), () -> takesClients);
            server = (SSLServerSocket)
                    context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
            server.setNeedClientAuth(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    String address() {
        return "mqtts://localhost:" + server.getLocalPort();
    }

    int connections() {
        return open.size();
    }

    /** Ends every connection with a DISCONNECT. */
    void disconnectAll(Say say) {
        for (var socket : open) {
            try {
                send(socket.getOutputStream(), 0xe0, reason(say));
                socket.close();
            } catch (IOException e) {
                // it is gone already
            }
        }
    }

    /** Sends a message to every connection. */
    void deliver(String topic, String payload) {
        var body = new ByteArrayOutputStream();
        body.writeBytes(text(topic));
        body.write(0);
        body.writeBytes(payload.getBytes(StandardCharsets.UTF_8));
        for (var socket : open) {
            try {
                send(socket.getOutputStream(), 0x30, body.toByteArray());
            } catch (IOException e) {
                // it has what it wanted, and is gone
            }
        }
    }

    private void accept() {
        try {
            while (true) {
                var socket = (SSLSocket) server.accept();
                threads.execute(() -> serve(socket));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private void serve(SSLSocket socket) {
        try (socket) {
            socket.startHandshake();
            clients.add((X509Certificate) socket.getSession().getPeerCertificates()[0]);
            var in = new DataInputStream(socket.getInputStream());
            while (packet(in, socket.getOutputStream())) {
                open.addIfAbsent(socket);
            }
        } catch (IOException e) {
            // the client has gone
        } finally {
            open.remove(socket);
        }
    }

    private boolean packet(DataInputStream in, OutputStream out) throws IOException {
        var head = in.readUnsignedByte();
        var body = ByteBuffer.wrap(in.readNBytes(length(in)));
        switch (head & 0xf0) {
            case 0x10 -> {
                clientIds.add(clientId(body));
                if (tooEarly.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                    send(out, 0x20, connack(new Say(0x87, "unknown-certificate")));
                    return false;
                }
                send(out, 0x20, connack(connack));
                var after = afterConnack;
                if (after != null) {
                    send(out, 0xe0, reason(after));
                    return false;
                }
                return connack.code() == 0;
            }
            case 0x30 -> publish(out, head, body);
            case 0x80 -> {
                var id = body.getShort();
                send(out, 0x90, acknowledgement(id, suback, true));
            }
            case 0xc0 -> send(out, 0xd0, new byte[0]);
            case 0xe0 -> {
                return false;
            }
            default -> {}
        }
        return true;
    }

    private void publish(OutputStream out, int head, ByteBuffer body) throws IOException {
        var topic = new byte[body.getShort() & 0xffff];
        body.get(topic);
        var qos = head >> 1 & 3;
        var id = qos > 0 ? body.getShort() : 0;
        body.position(body.position() + 1 + body.get(body.position()));
        published.add(new String(topic, StandardCharsets.UTF_8) + " " + StandardCharsets.UTF_8.decode(body.slice()));
        if (qos > 0) {
            send(out, 0x40, acknowledgement(id, puback, false));
        }
        var after = afterPublish;
        if (after != null) {
            send(out, 0xe0, reason(after));
        }
    }

    private static byte[] connack(Say connack) {
        var packet = new ByteArrayOutputStream();
        packet.write(0);
        packet.write(connack.code());
        var properties = new ByteArrayOutputStream();
        if (connack.code() == 0) {
            properties.writeBytes(new byte[] {0x21, 0, 10, 0x22, 0, 5});
        }
        properties.writeBytes(reasonString(connack));
        packet.write(properties.size());
        packet.writeBytes(properties.toByteArray());
        return packet.toByteArray();
    }

    private static byte[] acknowledgement(int id, Say say, boolean codeLast) {
        var packet = new ByteArrayOutputStream();
        packet.write(id >> 8);
        packet.write(id);
        if (!codeLast) {
            packet.write(say.code());
        }
        packet.write(reasonString(say).length);
        packet.writeBytes(reasonString(say));
        if (codeLast) {
            packet.write(say.code());
        }
        return packet.toByteArray();
    }

    private static byte[] reason(Say say) {
        var packet = new ByteArrayOutputStream();
        packet.write(say.code());
        packet.write(reasonString(say).length);
        packet.writeBytes(reasonString(say));
        return packet.toByteArray();
    }

    private static byte[] reasonString(Say say) {
        if (say.word().isEmpty()) {
            return new byte[0];
        }
        var property = new ByteArrayOutputStream();
        property.write(0x1f);
        property.writeBytes(text(say.word()));
        return property.toByteArray();
    }

    private static byte[] text(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(2 + bytes.length)
                .putShort((short) bytes.length)
                .put(bytes)
                .array();
    }

    private static void send(OutputStream out, int head, byte[] body) throws IOException {
        var packet = new ByteArrayOutputStream();
        packet.write(head);
        var length = body.length;
        do {
            packet.write(length > 127 ? (length & 0x7f) | 0x80 : length);
            length >>= 7;
        } while (length > 0);
        packet.writeBytes(body);
        out.write(packet.toByteArray());
        out.flush();
    }

    private static int length(DataInputStream in) throws IOException {
        var value = 0;
        for (var shift = 0; ; shift += 7) {
            var octet = in.readUnsignedByte();
            value |= (octet & 0x7f) << shift;
            if (octet < 128) {
                return value;
            }
        }
    }

    private static String clientId(ByteBuffer connect) {
        connect.position(10);
        var properties = connect.get();
        connect.position(connect.position() + properties);
        var id = new byte[connect.getShort() & 0xffff];
        connect.get(id);
        return new String(id, StandardCharsets.UTF_8);
    }

    /** The fingerprint of the certificate that the last client showed. */
    String lastClient() {
        return Certificates.fingerprint(clients.get(clients.size() - 1)).hex();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.shutdownNow();
    }
}
