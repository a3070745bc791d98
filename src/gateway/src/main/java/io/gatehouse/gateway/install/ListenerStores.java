package io.gatehouse.gateway.install;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;

/** The PKCS#12 stores that HiveMQ's listeners read, as bytes. The extension writes them anew at each renewal. */
final class ListenerStores {
    static final String KEYS = "keystore.p12";
    static final String TRUST = "truststore.p12";

    private ListenerStores() {}

    static byte[] keys(PrivateKey key, List<X509Certificate> chain, char[] storePassword, char[] keyPassword) {
        try {
            KeyStore store = empty();
            store.setKeyEntry("server", key, keyPassword, chain.toArray(Certificate[]::new));
            return bytes(store, storePassword);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this Java platform cannot write PKCS#12", e);
        }
    }

    static byte[] trust(List<X509Certificate> authorities, char[] password) {
        try {
            KeyStore store = empty();
            for (int i = 0; i < authorities.size(); i++) {
                store.setCertificateEntry("devices-" + i, authorities.get(i));
            }
            return bytes(store, password);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this Java platform cannot write PKCS#12", e);
        }
    }

    /** It guards no more than the file of HiveMQ's configuration that holds it. */
    static String newPassword() {
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static byte[] bytes(KeyStore store, char[] password) throws GeneralSecurityException, IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        store.store(bytes, password);
        return bytes.toByteArray();
    }
}
