package io.gatehouse.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The system's mosquitto with the same key and trust as a home's broker: client certificates, the devices CA's CRL, an access list
 * with the topics of the default policy.
 */
final class MosquittoPeer {
    private static final List<Path> FOLDERS =
            List.of(Path.of("/usr/sbin"), Path.of("/usr/bin"), Path.of("/usr/local/sbin"), Path.of("/usr/local/bin"));

    private MosquittoPeer() {}

    /** Where it is installed. */
    static Optional<Path> program() {
        return FOLDERS.stream()
                .map(folder -> folder.resolve("mosquitto"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Starts it in that new directory. {@code crls}: in DER. */
    static PeerProcess start(
            Path program, ServiceHome home, Path directory, X509Certificate certificate, List<byte[]> crls)
            throws IOException {
        Files.createDirectories(directory);
        Path identity = home.root().resolve("broker/conf/gatehouse");
        int port = PeerProcess.freePort();
        StringBuilder lists = new StringBuilder();
        for (byte[] crl : crls) {
            lists.append("-----BEGIN X509 CRL-----\n")
                    .append(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(crl))
                    .append("\n-----END X509 CRL-----\n");
        }
        Files.writeString(directory.resolve("crls.pem"), lists);
        Files.writeString(
                directory.resolve("acl"), "pattern write devices/%u/telemetry/#\npattern read devices/%u/commands/#\n");
        Path config = directory.resolve("mosquitto.conf");
        Files.writeString(
                config,
                String.join(
                        "\n",
                        "user " + System.getProperty("user.name"),
                        "persistence false",
                        "connection_messages false",
                        "log_dest stderr",
                        "log_type error",
                        "allow_anonymous false",
                        "listener " + port + " 127.0.0.1",
                        "cafile " + home.root().resolve("pki/devices.pem"),
                        "certfile " + identity.resolve("server.pem"),
                        "keyfile " + identity.resolve("server.key"),
                        "require_certificate true",
                        "use_identity_as_username true",
                        "crlfile " + directory.resolve("crls.pem"),
                        "acl_file " + directory.resolve("acl"),
                        ""));
        return PeerProcess.start(
                List.of(program.toString(), "-c", config.toString()),
                directory.resolve("output.log"),
                port,
                certificate);
    }

    /** The CRLs of the devices hierarchy, from where every relying party gets them. */
    static List<byte[]> crls(int pkiPort) throws IOException {
        try {
            return Stream.of("devices-root", "devices")
                    .map(name -> crl(pkiPort, name))
                    .toList();
        } catch (BenchFailed broken) {
            throw new IOException(broken.getMessage(), broken);
        }
    }

    private static byte[] crl(int port, String name) {
        try (InputStream body = URI.create("http://localhost:" + port + "/pki/crl/" + name + ".crl")
                .toURL()
                .openStream()) {
            byte[] der = body.readAllBytes();
            if (der.length == 0 || der[0] != 0x30) {
                throw new BenchFailed("not a CRL: " + name);
            }
            return der;
        } catch (IOException broken) {
            throw new BenchFailed("cannot read the CRL " + name, broken);
        }
    }
}
