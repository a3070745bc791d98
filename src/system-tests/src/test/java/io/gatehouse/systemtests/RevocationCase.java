package io.gatehouse.systemtests;

import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.PemText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A device's certificate and all that a verifier may want of its authorities, as files in a directory of its own. The root is given;
 * all else is fetched from where the certificates say.
 */
final class RevocationCase {
    private static final String CRL_DISTRIBUTION_POINTS = "2.5.29.31";
    private static final String AUTHORITY_INFO_ACCESS = "1.3.6.1.5.5.7.1.1";

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
        return PemText.parseCertificates(fetched(caAddress())).get(0);
    }

    X509Certificate root() {
        return PemText.readCertificates(gatehouse.home().resolve("pki/devices.pem"))
                .get(0);
    }

    /** Where its CA is to be had, says the certificate. */
    String caAddress() {
        return address(certificate(), AUTHORITY_INFO_ACCESS, ".cer");
    }

    /** Where its CA's CRL is to be had, says the certificate. */
    String crlAddress() {
        return address(certificate(), CRL_DISTRIBUTION_POINTS, ".crl");
    }

    /** Where to ask by OCSP, says the certificate. */
    String ocspUrl() {
        return address(certificate(), AUTHORITY_INFO_ACCESS, "/ocsp");
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

    /** The CRLs of the CA and of the root, as they are now: in one file, PEM. */
    String crlsFile() {
        return write(
                "crls.pem",
                crlAddresses().stream()
                        .map(address -> PemText.block("X509 CRL", fetched(address)))
                        .collect(Collectors.joining()));
    }

    /** The CRLs of the CA and of the root, as they are now: each in its file, DER. */
    List<String> crlFiles() {
        return crlAddresses().stream().map(this::crlFile).toList();
    }

    /** The CRL of the CA, then that of the root, as they are now. */
    List<X509CRL> crls() {
        return crlAddresses().stream().map(RevocationCase::crl).toList();
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

    private List<String> crlAddresses() {
        return List.of(crlAddress(), address(ca(), CRL_DISTRIBUTION_POINTS, ".crl"));
    }

    private String crlFile(String address) {
        try {
            Path file = directory.resolve(address.substring(address.lastIndexOf('/') + 1));
            return Files.write(file, fetched(address)).toString();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static X509CRL crl(String address) {
        try {
            return (X509CRL)
                    CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(fetched(address)));
        } catch (GeneralSecurityException broken) {
            throw new AssertionError(broken);
        }
    }

    /** The address with that end in an extension, whose DER has nothing else that could be taken for one. */
    private static String address(X509Certificate certificate, String extension, String end) {
        String der = new String(certificate.getExtensionValue(extension), StandardCharsets.ISO_8859_1);
        Matcher found = Pattern.compile("http://[!-~]*?" + Pattern.quote(end)).matcher(der);
        if (!found.find()) {
            throw new AssertionError("no address of " + end + " in " + certificate);
        }
        return found.group();
    }

    private static byte[] fetched(String address) {
        try (InputStream in = URI.create(address).toURL().openStream()) {
            return in.readAllBytes();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
