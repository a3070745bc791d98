package io.gatehouse.enrollment.ca;

import io.gatehouse.enrollment.ca.HierarchyException.Problem;
import io.gatehouse.enrollment.ca.crl.CrlEncoder;
import io.gatehouse.enrollment.ca.crl.PublishedCrl;
import io.gatehouse.enrollment.ca.crl.Revocations;
import io.gatehouse.enrollment.config.Home;
import io.gatehouse.enrollment.config.ServiceConfig;
import io.gatehouse.enrollment.keys.SoftwareKey;
import io.gatehouse.x509.EncryptedKeys;
import io.gatehouse.x509.Pem;
import io.gatehouse.x509.der.MalformedException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the next devices CA of a home with the devices root's key, which comes back for this from where it was taken. Works on files
 * alone, whether the service runs or not: it sees the new CA at its next start. Whatever is cut off in the middle leaves the home as
 * it was, but for files that the next attempt writes anew: the new CA exists from the moment when the list of devices CAs names it.
 */
public final class DevicesRotation {
    private final ServiceConfig config;
    private final Home home;
    private final InstantSource clock;
    private final HierarchyFiles files;
    private final SecureRandom random = new SecureRandom();

    public DevicesRotation(ServiceConfig config, Home home, InstantSource clock) {
        this.config = config;
        this.home = home;
        this.clock = clock;
        this.files = new HierarchyFiles(home);
    }

    /** The new CA: its name in addresses, and its certificate. */
    public record Made(String name, X509Certificate certificate) {}

    /** Where the root keys are as long as nobody has taken them away. */
    public Path rootKeys() {
        return files.rootKeys();
    }

    /**
     * Makes the next CA; it does not issue yet. No passphrase is kept.
     *
     * @param rootKeys the file with the root keys, which is only read
     * @param rootPassphrase opens that file
     * @param passphrase opens the keys of the home; the new one is sealed with it
     * @throws HierarchyException when a person has to mend something first; nothing was changed then
     */
    public Made rotate(Path rootKeys, char[] rootPassphrase, char[] passphrase) {
        requireOwner();
        var made = new ArrayList<Made>();
        // From reading to writing: of two at a time, one would undo the other's.
        Hierarchies.alone(files, writer -> {
            writer.finish();
            made.add(rotate(writer, rootKeys, rootPassphrase, passphrase));
        });
        return made.get(0);
    }

    private Made rotate(HierarchyWriter writer, Path rootKeys, char[] rootPassphrase, char[] passphrase)
            throws IOException {
        var hierarchies = Hierarchies.open(config, home, passphrase);
        var before = hierarchies.devicesCertificates();
        var name = new Generation(AuthorityName.DEVICES, before.size() + 1);
        var root = root(hierarchies.certificate(AuthorityName.DEVICES_ROOT), rootKeys, rootPassphrase);
        var now = clock.instant();
        if (!now.isBefore(root.validity().notAfter())) {
            throw new HierarchyException(
                    Problem.MISMATCH, home.devicesPem(), "the devices root has ended", "make a new home");
        }
        if (now.isBefore(before.get(before.size() - 1).getNotBefore().toInstant())) {
            throw new HierarchyException(
                    Problem.MISMATCH,
                    home.devicesPem(),
                    "by this machine's clock, " + now + ", the last devices CA is not valid yet",
                    "set the clock right");
        }
        var successor = NewHierarchy.successor(config, root, name, now, random);
        var certificate = successor.certificate();
        var sealed = EncryptedKeys.encryptToPem(successor.key().getPrivate(), passphrase);
        var crl = rootCrl(root, hierarchies.devicesRootCrl(), now, certificate);
        writer.add(name, before, certificate, sealed, crl);
        writer.trust(trustedWith(certificate));
        return new Made(name.word(), certificate);
    }

    /** What another user writes, such as root, the service could not read: it would not start again. */
    private void requireOwner() {
        try {
            var owner = Files.getOwner(home.secrets()).getName();
            if (!owner.equals(System.getProperty("user.name"))) {
                throw new HierarchyException(
                        Problem.MISMATCH, home.secrets(), "it is " + owner + "'s", "run this as " + owner);
            }
        } catch (IOException e) {
            throw new HierarchyException(
                    Problem.NOT_INITIALISED, home.root(), "this home has no authorities yet", "run: gatehouse init");
        }
    }

    /** Relying parties are to know it before its first certificate is there. */
    private List<X509Certificate> trustedWith(X509Certificate newest) throws IOException {
        try {
            var all = new ArrayList<>(Pem.certificates(Files.readString(home.devicesPem(), StandardCharsets.US_ASCII)));
            all.add(newest);
            return all;
        } catch (MalformedException e) {
            throw new IOException(e);
        }
    }

    /** The root for as long as this takes; its key is in the file, beside that of the other root. */
    private Authority root(X509Certificate certificate, Path rootKeys, char[] passphrase) {
        var address = Generation.first(AuthorityName.DEVICES_ROOT);
        try {
            for (var block : Pem.blocks(Files.readString(rootKeys, StandardCharsets.ISO_8859_1))) {
                var key = EncryptedKeys.decrypt(block.der(), passphrase);
                if (belongs(key, certificate)) {
                    return new Authority(
                            address,
                            certificate,
                            SoftwareKey.of(key, certificate.getPublicKey()),
                            new PkiAddresses(config).of(address),
                            random);
                }
            }
        } catch (EncryptedKeys.WrongPassphraseException e) {
            throw new HierarchyException(
                    Problem.WRONG_PASSPHRASE,
                    rootKeys,
                    "the passphrase does not open the root keys",
                    "give the passphrase that the home was initialised with (--root-unlock-file)");
        } catch (MalformedException e) {
            throw new HierarchyException(
                    Problem.UNREADABLE, rootKeys, e.getMessage(), "bring the file root-keys.pem that init wrote");
        } catch (IOException e) {
            throw new HierarchyException(
                    Problem.MISSING_FILE,
                    rootKeys,
                    "it cannot be read",
                    "bring the file root-keys.pem that was taken away, and name it with --root-key");
        }
        throw new HierarchyException(
                Problem.MISMATCH,
                rootKeys,
                "the key of this home's devices root is not in it",
                "bring the file root-keys.pem that was taken from this home");
    }

    private static boolean belongs(PrivateKey key, X509Certificate certificate) {
        try {
            SoftwareKey.of(key, certificate.getPublicKey());
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Signed ahead once more, until the new CA ends: its key goes away again. */
    private static PublishedCrl rootCrl(Authority root, PublishedCrl before, Instant now, X509Certificate newest) {
        var until = newest.getNotAfter().toInstant();
        return new CrlEncoder(root.crlIssuer())
                .encode(
                        Revocations.none(),
                        before.number().add(BigInteger.ONE),
                        now.isBefore(before.thisUpdate()) ? before.thisUpdate() : now,
                        until.isBefore(before.nextUpdate()) ? before.nextUpdate() : until);
    }
}
