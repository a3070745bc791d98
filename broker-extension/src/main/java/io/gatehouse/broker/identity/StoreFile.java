package io.gatehouse.broker.identity;

import io.gatehouse.broker.config.KeystoreSettings;
import io.gatehouse.x509.tls.ClientIdentity;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The PKCS#12 files that HiveMQ reads; it looks every ten seconds whether they have changed. */
final class StoreFile {
    private static final String ALIAS = "server";

    private StoreFile() {}

    /** Whether the store shows exactly this identity. */
    static boolean shows(KeystoreSettings settings, ClientIdentity identity) {
        try {
            var chain = load(settings).getCertificateChain(ALIAS);
            return chain != null && List.of(chain).equals(identity.chain());
        } catch (IOException | GeneralSecurityException e) {
            return false;
        }
    }

    static void writeKey(KeystoreSettings settings, ClientIdentity identity) throws IOException {
        try {
            var store = empty();
            char[] keyPassword =
                    settings.keyPassword().orElse(settings.password()).toCharArray();
            store.setKeyEntry(
                    ALIAS, identity.key(), keyPassword, identity.chain().toArray(Certificate[]::new));
            write(settings, store);
        } catch (GeneralSecurityException e) {
            throw new IOException(settings.file() + " cannot be made: " + e.getMessage(), e);
        }
    }

    /** Whether the store trusts exactly these. */
    static boolean trusts(KeystoreSettings settings, List<X509Certificate> anchors) {
        try {
            var store = load(settings);
            Set<Certificate> there = new HashSet<>();
            for (var alias : Collections.list(store.aliases())) {
                there.add(store.getCertificate(alias));
            }
            return there.equals(Set.copyOf(anchors));
        } catch (IOException | GeneralSecurityException e) {
            return false;
        }
    }

    static void writeTrust(KeystoreSettings settings, List<X509Certificate> anchors) throws IOException {
        try {
            var store = empty();
            for (int i = 0; i < anchors.size(); i++) {
                store.setCertificateEntry("devices-" + i, anchors.get(i));
            }
            write(settings, store);
        } catch (GeneralSecurityException e) {
            throw new IOException(settings.file() + " cannot be made: " + e.getMessage(), e);
        }
    }

    /** Writes what the store holds once more; the file's bytes are others then, since its salts are. */
    static void writeAgain(KeystoreSettings settings) throws IOException {
        try {
            write(settings, load(settings));
        } catch (GeneralSecurityException e) {
            throw new IOException(settings.file() + " cannot be written: " + e.getMessage(), e);
        }
    }

    /** Every certificate of every chain in the store. */
    static List<Certificate> certificates(KeystoreSettings settings) throws IOException, GeneralSecurityException {
        var store = load(settings);
        List<Certificate> all = new ArrayList<>();
        for (var alias : Collections.list(store.aliases())) {
            var chain = store.getCertificateChain(alias);
            if (chain != null) {
                all.addAll(List.of(chain));
            }
        }
        return all;
    }

    private static KeyStore load(KeystoreSettings settings) throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(settings.file())) {
            store.load(in, settings.password().toCharArray());
        }
        return store;
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static void write(KeystoreSettings settings, KeyStore store) throws IOException, GeneralSecurityException {
        var bytes = new ByteArrayOutputStream();
        store.store(bytes, settings.password().toCharArray());
        OwnerFile.write(settings.file(), bytes.toByteArray());
    }
}
