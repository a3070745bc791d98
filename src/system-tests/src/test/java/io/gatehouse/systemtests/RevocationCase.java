package io.gatehouse.systemtests;

import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.PemText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.List;

/** A device's certificate and all that a verifier may want of its authorities, as files in a directory of its own. */
final class RevocationCase {
    private final Gatehouse gatehouse;
    private final Path directory;
    private final HeldCertificate device;

    RevocationCase(Gatehouse gatehouse, Path directory, HeldCertificate device) {
        this.gatehouse = gatehouse;
        this.directory = directory;
        this.device = device;
    }

    X509Certificate certificate() {
        return device.certificate();
    }

    X509Certificate ca() {
        return authorities().get(1);
    }

    X509Certificate root() {
        return authorities().get(0);
    }

    String leafFile() {
        return write("leaf.pem", PemText.certificate(certificate()));
    }

    String caFile() {
        return write("ca.pem", PemText.certificate(ca()));
    }

    String rootFile() {
        return write("root.pem", PemText.certificate(root()));
    }

    /** The leaf, then its CA. */
    String chainFile() {
        return write("chain.pem", PemText.certificate(certificate()) + PemText.certificate(ca()));
    }

    /** The CRLs of the CA and of the root, as they are now. */
    String crlsFile() {
        return write(
                "crls.pem",
                PemText.block("X509 CRL", crlBytes("devices")) + PemText.block("X509 CRL", crlBytes("devices-root")));
    }

    String crlFile(String name) {
        try {
            return Files.write(directory.resolve(name + ".crl"), crlBytes(name)).toString();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    List<X509CRL> crls() {
        return List.of(crl("devices"), crl("devices-root"));
    }

    String ocspUrl() {
        return "http://localhost:" + gatehouse.pkiPort() + "/pki/ocsp";
    }

    /** A new empty directory. */
    Path empty(String name) {
        try {
            return Files.createTempDirectory(directory, name);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    String write(String name, String text) {
        try {
            return Files.writeString(directory.resolve(name), text).toString();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private List<X509Certificate> authorities() {
        return PemText.readCertificates(gatehouse.home().resolve("pki/devices.pem"));
    }

    private X509CRL crl(String name) {
        try {
            return (X509CRL)
                    CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(crlBytes(name)));
        } catch (GeneralSecurityException broken) {
            throw new AssertionError(broken);
        }
    }

    private byte[] crlBytes(String name) {
        try (InputStream in = URI.create("http://localhost:" + gatehouse.pkiPort() + "/pki/crl/" + name + ".crl")
                .toURL()
                .openStream()) {
            return in.readAllBytes();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
