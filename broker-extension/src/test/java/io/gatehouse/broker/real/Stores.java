package io.gatehouse.broker.real;

import io.gatehouse.testkit.HeldCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;

/** PKCS#12 files for HiveMQ's listener; the password is {@code test-store}. */
final class Stores {
    static final String PASSWORD = "test-store";

    private Stores() {}

    static void key(Path file, HeldCertificate held) throws IOException, GeneralSecurityException {
        var store = empty();
        store.setKeyEntry(
                "server",
                held.privateKey(),
                PASSWORD.toCharArray(),
                held.chain().toArray(X509Certificate[]::new));
        write(file, store);
    }

    static void trust(Path file, List<X509Certificate> anchors) throws IOException, GeneralSecurityException {
        var store = empty();
        for (int i = 0; i < anchors.size(); i++) {
            store.setCertificateEntry("ca-" + i, anchors.get(i));
        }
        write(file, store);
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static void write(Path file, KeyStore store) throws IOException, GeneralSecurityException {
        var fresh = file.resolveSibling(file.getFileName() + ".new");
        try (var out = Files.newOutputStream(fresh)) {
            store.store(out, PASSWORD.toCharArray());
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
