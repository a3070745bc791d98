package io.gatehouse.x25519;

import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.TestAuthority;
import java.nio.ByteBuffer;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import java.security.interfaces.XECPublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.KeyAgreement;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;

/** A handshake of TLS 1.3 inside one JVM, and who did what of it. Ends with {@code all right}. */
public final class HandshakeProbe {
    private static final int ROOM = 1 << 17;
    private static final int ROUNDS = 20;
    private static final Map<String, Integer> ASKED = new TreeMap<>();

    private HandshakeProbe() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("insert")) {
            Security.insertProviderAt(new Counted(new ConscryptX25519()), 1);
        }
        Provider listed = Security.getProvider(ConscryptX25519.NAME);
        System.out.println("info " + (listed == null ? "not listed" : listed.getInfo()));
        System.out.println("KeyPairGenerator "
                + KeyPairGenerator.getInstance("X25519").getProvider().getName());
        ASKED.clear();
        System.out.println("group " + handshake());
        System.out.println("asked "
                + ASKED.entrySet().stream()
                        .map(each -> each.getKey() + "=" + each.getValue())
                        .reduce((one, other) -> one + " " + other)
                        .orElse("nothing"));
        x448();
        System.out.println("all right");
    }

    /** By what client and server agree: read from the server's first answer, as it goes over the wire. */
    private static String handshake() throws Exception {
        TestAuthority root = TestAuthority.root();
        HeldCertificate held = root.servicesCa().server(order -> {});
        SSLEngine server = held.sslContext(List.of(root.certificate())).createSSLEngine();
        SSLEngine client =
                HeldCertificate.anonymous(List.of(root.certificate())).createSSLEngine();
        client.setUseClientMode(true);
        server.setUseClientMode(false);
        client.beginHandshake();
        server.beginHandshake();
        ByteBuffer toServer = ByteBuffer.allocate(ROOM);
        ByteBuffer toClient = ByteBuffer.allocate(ROOM);
        int group = -1;
        for (int i = 0; i < ROUNDS && !(done(client) && done(server)); i++) {
            say(client, toServer);
            hear(server, toServer);
            say(server, toClient);
            if (group < 0) {
                group = keyShareOf(toClient.duplicate().flip());
            }
            hear(client, toClient);
        }
        check(done(client) && done(server), "the handshake ends");
        check(
                client.getSession().getProtocol().equals("TLSv1.3"),
                client.getSession().getProtocol());
        return group == 0x001d ? "x25519" : "0x" + Integer.toHexString(group);
    }

    private static boolean done(SSLEngine engine) {
        return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
    }

    /** All that it has to say now, behind what stands in the buffer. */
    private static void say(SSLEngine engine, ByteBuffer out) throws Exception {
        tasks(engine);
        while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
            engine.wrap(ByteBuffer.allocate(0), out);
            tasks(engine);
        }
    }

    /** As much as it wants to hear before it speaks again; the rest stays in the buffer. */
    private static void hear(SSLEngine engine, ByteBuffer in) throws Exception {
        in.flip();
        while (in.hasRemaining() && engine.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP) {
            engine.unwrap(in, ByteBuffer.allocate(ROOM));
            tasks(engine);
        }
        in.compact();
    }

    private static void tasks(SSLEngine engine) {
        while (engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
            engine.getDelegatedTask().run();
        }
    }

    /** The group of the extension key_share (51) of a ServerHello: RFC 8446 §4.1.3, §4.2.8. */
    private static int keyShareOf(ByteBuffer record) {
        check(record.get() == 22, "a handshake");
        record.position(5);
        check(record.get() == 2, "a ServerHello");
        record.position(5 + 4 + 2 + 32);
        record.position(record.position() + 1 + record.get(record.position()) + 2 + 1);
        int end = record.getShort() + record.position();
        while (record.position() < end) {
            int type = record.getShort();
            int length = record.getShort();
            if (type == 51) {
                return record.getShort();
            }
            record.position(record.position() + length);
        }
        throw new AssertionError("no key share");
    }

    private static void x448() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("XDH");
        generator.initialize(NamedParameterSpec.X448);
        KeyPair one = generator.generateKeyPair();
        KeyPair other = KeyPairGenerator.getInstance("X448").generateKeyPair();
        var read = (XECPublicKey) KeyFactory.getInstance("XDH")
                .generatePublic(
                        new XECPublicKeySpec(NamedParameterSpec.X448, ((XECPublicKey) other.getPublic()).getU()));
        KeyAgreement here = KeyAgreement.getInstance("XDH");
        here.init(one.getPrivate());
        here.doPhase(read, true);
        KeyAgreement there = KeyAgreement.getInstance("X448");
        there.init(other.getPrivate());
        there.doPhase(one.getPublic(), true);
        byte[] secret = here.generateSecret();
        check(secret.length == 56, "56 bytes");
        check(Arrays.equals(secret, there.generateSecret()), "the same secret");
        System.out.println("X448 " + here.getProvider().getName());
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    /** The same provider, which keeps count of what was asked of it. */
    private static final class Counted extends Provider {
        Counted(Provider real) {
            super(real.getName(), real.getVersionStr(), real.getInfo());
            for (Service service : real.getServices()) {
                putService(
                        new Service(this, service.getType(), service.getAlgorithm(), "", List.of("X25519"), Map.of()) {
                            @Override
                            public Object newInstance(Object parameter) throws NoSuchAlgorithmException {
                                ASKED.merge(getType(), 1, Integer::sum);
                                return service.newInstance(parameter);
                            }
                        });
            }
        }
    }
}
