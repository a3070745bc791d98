package io.gatehouse.enrollment.ca;

import io.gatehouse.enrollment.ca.HierarchyException.Problem;
import io.gatehouse.enrollment.ca.crl.PublishedCrl;
import io.gatehouse.enrollment.config.ServiceConfig;
import io.gatehouse.enrollment.keys.SoftwareKey;
import io.gatehouse.x509.EncryptedKeys;
import io.gatehouse.x509.Pem;
import io.gatehouse.x509.der.MalformedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.Extension;

/** Opens the hierarchies of a home. Everything that a person can mend is a {@link HierarchyException}. */
final class HierarchyReader {
    private static final EnumSet<PosixFilePermission> OF_OTHERS = EnumSet.complementOf(EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE));

    private final HierarchyFiles files;
    private final PkiAddresses addresses;
    private final SecureRandom random;
    private final String trustDomain;

    HierarchyReader(HierarchyFiles files, ServiceConfig config, SecureRandom random) {
        this.files = files;
        this.addresses = new PkiAddresses(config);
        this.random = random;
        this.trustDomain = config.trustDomain();
    }

    /** Both hierarchies: the passphrase opens the keys of the authorities; those of the roots stay shut. */
    Hierarchies read(char[] passphrase) {
        requireOwnerAlone(files.home().secrets(), "chmod 700 ");
        var names = List.of(AuthorityName.DEVICES, AuthorityName.SERVICES);
        var opened =
                names.parallelStream().map(name -> hierarchy(name, passphrase)).toList();
        opened.get(0).authorities().forEach(this::requireTrustDomain);
        return new Hierarchies(opened.get(0), opened.get(1));
    }

    /** Else every certificate to come would break the constraints of its own issuer. */
    private void requireTrustDomain(Authority devices) {
        if (!devices.permittedUriHosts().equals(List.of(trustDomain))) {
            throw new HierarchyException(
                    Problem.MISMATCH,
                    files.home().configFile(),
                    "the trust domain is not the one for which the devices CA was made, "
                            + String.join(" ", devices.permittedUriHosts()),
                    "set trust-domain back to that, or make a new home");
        }
    }

    private Hierarchy hierarchy(AuthorityName role, char[] passphrase) {
        var isDevices = role == AuthorityName.DEVICES;
        var chainFile = isDevices ? files.devicesPem() : files.servicesPem();
        var chain = certificates(chainFile);
        var root = chain.get(0);
        requireIssued(chainFile, root, root);
        var rootName = isDevices ? AuthorityName.DEVICES_ROOT : AuthorityName.SERVICES_ROOT;
        var rotated = isDevices && Files.exists(files.devicesCas());
        var file = rotated ? files.devicesCas() : chainFile;
        var below = rotated ? certificates(file) : chain.subList(1, 2);
        var authorities = IntStream.range(0, below.size())
                .parallel()
                .mapToObj(at -> authority(new Generation(role, at + 1), file, below.get(at), root, passphrase))
                .toList();
        return new Hierarchy(root, rootCrl(files.rootCrl(rootName), root), authorities);
    }

    private Authority authority(
            Generation name, Path file, X509Certificate certificate, X509Certificate root, char[] passphrase) {
        requireIssued(file, certificate, root);
        var key = key(files.key(name), certificate, passphrase);
        return new Authority(name, certificate, key, addresses.of(name), random);
    }

    private SoftwareKey key(Path file, X509Certificate certificate, char[] passphrase) {
        requireOwnerAlone(file, "chmod 600 ");
        try {
            var key = EncryptedKeys.decryptPem(text(file), passphrase);
            return SoftwareKey.of(key, certificate.getPublicKey());
        } catch (EncryptedKeys.WrongPassphraseException e) {
            throw new HierarchyException(
                    Problem.WRONG_PASSPHRASE,
                    file,
                    "the passphrase does not open this key",
                    "give the passphrase that the home was initialised with");
        } catch (MalformedException e) {
            throw unreadable(file, e.getMessage());
        } catch (IllegalArgumentException e) {
            throw mismatch(file, "the key does not belong to the certificate in pki/");
        }
    }

    /** A root and what is below it, or the list of devices CAs. */
    private List<X509Certificate> certificates(Path file) {
        try {
            var found = Pem.certificates(text(file));
            if (found.size() < (file.equals(files.devicesCas()) ? 1 : 2)) {
                throw unreadable(file, "not a root and one certificate below it");
            }
            return found;
        } catch (MalformedException e) {
            throw unreadable(file, e.getMessage());
        }
    }

    private static PublishedCrl rootCrl(Path file, X509Certificate root) {
        try {
            var der = Files.readAllBytes(file);
            var crl = (X509CRL) CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(der));
            crl.verify(root.getPublicKey());
            var number = ASN1Integer.getInstance(
                    ASN1OctetString.getInstance(crl.getExtensionValue(Extension.cRLNumber.getId()))
                            .getOctets());
            return new PublishedCrl(
                    number.getValue(),
                    crl.getThisUpdate().toInstant(),
                    crl.getNextUpdate().toInstant(),
                    Optional.ofNullable(crl.getRevokedCertificates())
                            .map(entries -> entries.size())
                            .orElse(0),
                    der);
        } catch (IOException e) {
            throw cannotRead(file, e);
        } catch (GeneralSecurityException | RuntimeException e) {
            throw unreadable(file, "not a CRL of its root");
        }
    }

    private static void requireIssued(Path file, X509Certificate certificate, X509Certificate issuer) {
        try {
            certificate.verify(issuer.getPublicKey());
        } catch (GeneralSecurityException e) {
            throw mismatch(file, "a certificate in it is not of the hierarchy's root");
        }
    }

    static void requireOwnerAlone(Path file, String command) {
        try {
            var found = Files.getPosixFilePermissions(file);
            if (found.stream().anyMatch(OF_OTHERS::contains)) {
                throw new HierarchyException(
                        Problem.LOOSE_MODE, file, "others than its owner can use it", "run: " + command + file);
            }
        } catch (IOException e) {
            throw cannotRead(file, e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw cannotRead(file, e);
        }
    }

    private static RuntimeException cannotRead(Path file, IOException cause) {
        if (cause instanceof NoSuchFileException) {
            return new HierarchyException(Problem.MISSING_FILE, file, "it is missing", "restore it from a backup");
        }
        if (cause instanceof AccessDeniedException) {
            return new HierarchyException(
                    Problem.UNREADABLE, file, "this user may not read it", "run as the user that owns the home");
        }
        return new UncheckedIOException(file + " cannot be read", cause);
    }

    private static HierarchyException unreadable(Path file, String wrong) {
        return new HierarchyException(Problem.UNREADABLE, file, wrong, "restore it from a backup");
    }

    private static HierarchyException mismatch(Path file, String wrong) {
        return new HierarchyException(Problem.MISMATCH, file, wrong, "restore pki/ and secrets/ from one backup");
    }
}
