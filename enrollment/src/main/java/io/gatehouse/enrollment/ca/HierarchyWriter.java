package io.gatehouse.enrollment.ca;

import io.gatehouse.enrollment.ca.crl.PublishedCrl;
import io.gatehouse.enrollment.config.DurableFiles;
import io.gatehouse.x509.EncryptedKeys;
import io.gatehouse.x509.Pem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Puts new hierarchies into a home so that a power cut leaves either nothing or all: everything is written and flushed aside, one rename
 * declares it complete, and then it is only moved, by whoever comes next if need be.
 */
final class HierarchyWriter {
    private final HierarchyFiles files;

    HierarchyWriter(HierarchyFiles files) {
        this.files = files;
    }

    /** Writes both hierarchies, their keys under the passphrase. */
    void write(NewHierarchy devices, NewHierarchy services, char[] passphrase) throws IOException {
        var aside = files.unfinished();
        DurableFiles.remove(aside);
        DurableFiles.directory(aside);
        writePublic(aside, devices, services);
        writeSecret(aside, devices, services, passphrase);
        DurableFiles.flush(aside);
        DurableFiles.move(aside, files.complete());
        DurableFiles.flush(files.home().root());
        finish();
    }

    /** Moves what is complete to its places; does nothing when there is nothing to move. */
    void finish() throws IOException {
        var complete = files.complete();
        if (!Files.isDirectory(complete)) {
            return;
        }
        for (var name : HierarchyFiles.PUBLIC) {
            place(complete.resolve(name), files.home().pki().resolve(name));
        }
        for (var name : HierarchyFiles.KEYS) {
            place(complete.resolve(name), files.home().secrets().resolve(name));
        }
        place(complete.resolve(HierarchyFiles.ROOT_KEYS), files.rootKeys());
        DurableFiles.flush(files.home().pki());
        DurableFiles.flush(files.home().secrets());
        DurableFiles.remove(complete);
        DurableFiles.flush(files.home().root());
    }

    /**
     * Adds a devices CA. What comes before the list is of no meaning without it, and what comes after can be made from it: so a power cut
     * leaves the home without the new CA or with it, and never with a half.
     *
     * @param before the certificates of the CAs that are there, by generation
     * @param rootCrl until the new one ends
     */
    void add(
            Generation name,
            List<X509Certificate> before,
            X509Certificate certificate,
            String sealedKey,
            PublishedCrl rootCrl)
            throws IOException {
        var all = new ArrayList<>(before);
        all.add(certificate);
        DurableFiles.replaceSecret(files.key(name), sealedKey.getBytes(StandardCharsets.US_ASCII));
        DurableFiles.replaceOpen(files.rootCrl(AuthorityName.DEVICES_ROOT), rootCrl.der());
        DurableFiles.replaceOpen(files.devicesCas(), Pem.write(all).getBytes(StandardCharsets.US_ASCII));
    }

    /** Writes what a relying party trusts: the devices root, then devices CAs; done also when it is so already. */
    void trust(List<X509Certificate> rootAndCas) throws IOException {
        var pem = Pem.write(rootAndCas).getBytes(StandardCharsets.US_ASCII);
        if (!Arrays.equals(pem, Files.readAllBytes(files.devicesPem()))) {
            DurableFiles.replaceOpen(files.devicesPem(), pem);
        }
    }

    /** A move never leaves two: if there are, someone has put another file there, such as a backup. */
    private static void place(Path from, Path to) throws IOException {
        if (!Files.exists(from)) {
            return;
        }
        if (Files.exists(to)) {
            throw new HierarchyException(
                    HierarchyException.Problem.MISMATCH,
                    from,
                    "an interrupted init left this file, but " + to + " is there too",
                    "remove the directory " + from.getParent() + " if the home was restored from a backup");
        }
        DurableFiles.move(from, to);
    }

    private static void writePublic(Path aside, NewHierarchy devices, NewHierarchy services) throws IOException {
        pem(aside.resolve("trust.pem"), services.root().certificate());
        pem(aside.resolve("services-root.pem"), services.root().certificate());
        pem(
                aside.resolve("services.pem"),
                services.root().certificate(),
                services.authority().certificate());
        pem(aside.resolve("devices-root.pem"), devices.root().certificate());
        pem(
                aside.resolve("devices.pem"),
                devices.root().certificate(),
                devices.authority().certificate());
        DurableFiles.open(aside.resolve("devices-root.crl"), devices.rootCrl().der());
        DurableFiles.open(aside.resolve("services-root.crl"), services.rootCrl().der());
    }

    /** Each key is under its own salt; the derivation is slow on purpose, so they go side by side. */
    private static void writeSecret(Path aside, NewHierarchy devices, NewHierarchy services, char[] passphrase)
            throws IOException {
        var keys = List.of(devices.authorityKey(), services.authorityKey(), devices.rootKey(), services.rootKey());
        var sealed = keys.parallelStream().map(pair -> seal(pair, passphrase)).toList();
        secret(aside.resolve("devices.key"), sealed.get(0));
        secret(aside.resolve("services.key"), sealed.get(1));
        secret(aside.resolve(HierarchyFiles.ROOT_KEYS), sealed.get(2) + sealed.get(3));
    }

    private static String seal(KeyPair pair, char[] passphrase) {
        return EncryptedKeys.encryptToPem(pair.getPrivate(), passphrase);
    }

    private static void pem(Path file, X509Certificate... certificates) throws IOException {
        DurableFiles.open(file, Pem.write(List.of(certificates)).getBytes(StandardCharsets.US_ASCII));
    }

    private static void secret(Path file, String pem) throws IOException {
        DurableFiles.secret(file, pem.getBytes(StandardCharsets.US_ASCII));
    }
}
