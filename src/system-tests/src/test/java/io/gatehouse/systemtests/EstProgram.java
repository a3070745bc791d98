package io.gatehouse.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.PemText;
import io.gatehouse.testkit.ProcessRun;
import io.gatehouse.testkit.TestDevice;
import io.gatehouse.testkit.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509TrustManager;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.est.ESTAuth;
import org.bouncycastle.est.EnrollmentResponse;
import org.bouncycastle.est.jcajce.JcaHttpAuthBuilder;
import org.bouncycastle.est.jcajce.JsseESTServiceBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;

/** A client of EST that other people wrote, as it comes. */
abstract sealed class EstProgram {
    final Gatehouse gatehouse;
    final Path directory;

    /** {@code TLSv1.2} or {@code TLSv1.3}. */
    final String tls;

    private EstProgram(Gatehouse gatehouse, Path directory, String tls) {
        this.gatehouse = gatehouse;
        this.directory = directory;
        this.tls = tls;
    }

    /** Skips the test when the program is not there. */
    static EstProgram of(String name, Gatehouse gatehouse, Path directory, String tls) {
        return switch (name) {
            case "strongSwan" -> new StrongSwan(gatehouse, directory, tls);
            case "curl" -> new Curl(gatehouse, directory, tls);
            case "Node" -> new Node(gatehouse, directory, tls);
            case "BouncyCastle" -> new BouncyCastle(gatehouse, directory, tls);
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** The certificate that the device gets for the secret of its claim. */
    abstract X509Certificate enroll(TestDevice device, String secret) throws Exception;

    /** What follows the certificate that it holds; with the same key or another, as {@code next} has it. */
    abstract X509Certificate renew(HeldCertificate held, TestDevice next) throws Exception;

    final Path request(TestDevice device) throws IOException {
        return Files.write(directory.resolve("request.der"), device.request());
    }

    final Path secretFile(String secret) throws IOException {
        return Files.writeString(directory.resolve("secret"), secret);
    }

    /** strongSwan's pki sends the first certificate of a file. */
    final Path leaf(HeldCertificate held) throws IOException {
        return Files.writeString(directory.resolve("leaf.pem"), PemText.certificate(held.certificate()));
    }

    final Path key(HeldCertificate held) throws IOException {
        return held.writeTo(directory, "held").key();
    }

    static X509Certificate only(String base64) {
        List<X509Certificate> all =
                PemText.parseCertificates(Base64.getMimeDecoder().decode(base64.strip()));
        if (all.size() != 1) {
            throw new AssertionError(all.size() + " certificates instead of one");
        }
        return all.get(0);
    }

    private static final class StrongSwan extends EstProgram {
        StrongSwan(Gatehouse gatehouse, Path directory, String tls) {
            super(gatehouse, directory, tls);
            Tools.require("pki");
        }

        @Override
        X509Certificate enroll(TestDevice device, String secret) throws IOException {
            return est(device, "--userpass", device.id() + ":" + secret);
        }

        @Override
        X509Certificate renew(HeldCertificate held, TestDevice next) throws IOException {
            return est(next, "--cert", leaf(held).toString(), "--key", key(held).toString());
        }

        private X509Certificate est(TestDevice device, String... credentials) throws IOException {
            String version = tls.substring("TLSv".length());
            Path settings = Files.writeString(
                    directory.resolve("strongswan.conf"),
                    "libtls { version_min = " + version + "\n version_max = " + version + "\n}\n");
            ProcessRun.Result done = ProcessRun.of("pki", "--est", "--url", gatehouse.enrollUrl())
                    .with("--in", request(device).toString(), "--outform", "pem")
                    .with("--cacert", gatehouse.trustFile().toString())
                    .with(credentials)
                    .env("STRONGSWAN_CONF", settings.toString())
                    .run()
                    .ok();
            assertThat(done.err()).contains("negotiated TLS " + version + " ");
            return PemText.parseCertificates(done.outBytes()).get(0);
        }
    }

    /** With requests that openssl makes and a body that openssl encodes. */
    private static final class Curl extends EstProgram {
        Curl(Gatehouse gatehouse, Path directory, String tls) {
            super(gatehouse, directory, tls);
            Tools.require("curl", "openssl");
        }

        @Override
        X509Certificate enroll(TestDevice device, String secret) throws IOException {
            Path config = Files.writeString(
                    directory.resolve("curl.conf"), "user = \"" + device.id() + ":" + secret + "\"\n");
            return post("simpleenroll", device, "--config", config.toString());
        }

        @Override
        X509Certificate renew(HeldCertificate held, TestDevice next) throws IOException {
            return post(
                    "simplereenroll",
                    next,
                    "--cert",
                    leaf(held).toString(),
                    "--key",
                    key(held).toString());
        }

        private X509Certificate post(String operation, TestDevice device, String... credentials) throws IOException {
            Path key = Files.writeString(
                    directory.resolve("openssl.key"),
                    PemText.privateKey(device.key().getPrivate()));
            byte[] der = ProcessRun.of("openssl", "req", "-new", "-key", key.toString(), "-subj", "/CN=" + device.id())
                    .with("-outform", "DER")
                    .run()
                    .ok()
                    .outBytes();
            Path body = Files.writeString(
                    directory.resolve("request.b64"), Base64.getMimeEncoder().encodeToString(der));
            ProcessRun.Result done = ProcessRun.of("curl", "-v", "-sS", "--fail-with-body", "--cacert")
                    .with(gatehouse.trustFile().toString(), "-H", "Content-Type: application/pkcs10")
                    .with(tls.equals("TLSv1.3") ? new String[] {"--tlsv1.3"} : new String[] {"--tls-max", "1.2"})
                    .with(credentials)
                    .with("--data-binary", "@" + body, gatehouse.enrollUrl() + "/.well-known/est/" + operation)
                    .run()
                    .ok();
            assertThat(done.err()).contains("SSL connection using " + tls + " ");
            return only(done.out());
        }
    }

    private static final class Node extends EstProgram {
        Node(Gatehouse gatehouse, Path directory, String tls) {
            super(gatehouse, directory, tls);
            Tools.require("node");
        }

        @Override
        X509Certificate enroll(TestDevice device, String secret) throws IOException {
            return run(
                    device,
                    Map.of("user", device.id(), "secretFile", secretFile(secret).toString()));
        }

        @Override
        X509Certificate renew(HeldCertificate held, TestDevice next) throws IOException {
            return run(
                    next, Map.of("cert", leaf(held).toString(), "key", key(held).toString()));
        }

        private X509Certificate run(TestDevice device, Map<String, String> credentials) throws IOException {
            Map<String, String> asked = new LinkedHashMap<>(credentials);
            asked.put("url", gatehouse.enrollUrl());
            asked.put("ca", gatehouse.trustFile().toString());
            asked.put("csr", request(device).toString());
            asked.put("tls", tls);
            return only(ProcessRun.of("node", script().toString(), json(asked))
                    .run()
                    .ok()
                    .out());
        }

        private Path script() throws IOException {
            try (var in = EstProgram.class.getResourceAsStream("est-client.js")) {
                return Files.write(directory.resolve("est-client.js"), in.readAllBytes());
            }
        }

        private static String json(Map<String, String> members) {
            try {
                return new ObjectMapper().writeValueAsString(members);
            } catch (JsonProcessingException broken) {
                throw new UncheckedIOException(broken);
            }
        }
    }

    private static final class BouncyCastle extends EstProgram {
        BouncyCastle(Gatehouse gatehouse, Path directory, String tls) {
            super(gatehouse, directory, tls);
        }

        @Override
        X509Certificate enroll(TestDevice device, String secret) throws Exception {
            ESTAuth basic = new JcaHttpAuthBuilder("gatehouse", device.id(), secret.toCharArray()).build();
            return ask(Optional.empty(), false, device, basic);
        }

        @Override
        X509Certificate renew(HeldCertificate held, TestDevice next) throws Exception {
            return ask(Optional.of(held), true, next, null);
        }

        private X509Certificate ask(Optional<HeldCertificate> held, boolean again, TestDevice device, ESTAuth auth)
                throws Exception {
            JsseESTServiceBuilder service = new JsseESTServiceBuilder(
                            "localhost:" + gatehouse.enrollPort(), (X509TrustManager)
                                    HeldCertificate.trust(gatehouse.trust()).getTrustManagers()[0])
                    .withTLSVersion(tls);
            if (held.isPresent()) {
                service.withKeyManagers(keys(held.get()).getKeyManagers());
            }
            EnrollmentResponse answer =
                    service.build().simpleEnroll(again, new PKCS10CertificationRequest(device.request()), auth);
            assertThat(((SSLSession) answer.getSession()).getProtocol()).isEqualTo(tls);
            X509CertificateHolder found =
                    answer.getStore().getMatches(null).iterator().next();
            return PemText.parseCertificates(found.getEncoded()).get(0);
        }

        private static KeyManagerFactory keys(HeldCertificate held) throws Exception {
            char[] none = new char[0];
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, none);
            store.setKeyEntry(
                    "device", held.key().getPrivate(), none, held.chain().toArray(Certificate[]::new));
            KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
            factory.init(store, none);
            return factory;
        }
    }
}
