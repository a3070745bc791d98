package io.gatehouse.broker.identity;

import io.gatehouse.broker.config.UnsafeConfigurationException;
import io.gatehouse.x509.Keys;
import io.gatehouse.x509.Pem;
import io.gatehouse.x509.der.MalformedException;
import io.gatehouse.x509.tls.ClientIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/** The PEM files in {@code HIVEMQ_HOME/conf/gatehouse}. Immutable; reads the files at every call. */
public final class IdentityFiles {
    /** What a certificate of this broker is for; the word is also the file's name and the service's. */
    public enum Use {
        FEED("feed"),
        SERVER("server");

        private final String word;

        Use(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    private final Path folder;

    public IdentityFiles(Path folder) {
        this.folder = folder;
    }

    public Path folder() {
        return folder;
    }

    public Path configuration() {
        return folder.resolve("config.xml");
    }

    public Path truststore() {
        return folder.resolve("truststore.p12");
    }

    public Path key(Use use) {
        return folder.resolve(use.word() + ".key");
    }

    public Path chain(Use use) {
        return folder.resolve(use.word() + ".pem");
    }

    public Path keystore() {
        return folder.resolve("keystore.p12");
    }

    /** What listeners show that have a certificate of another CA. */
    public Path publicKeystore() {
        return folder.resolve("public.p12");
    }

    /** The services root. */
    public List<X509Certificate> trust() throws UnsafeConfigurationException {
        return certificates(folder.resolve("trust.pem"));
    }

    /** Key and chain, which belong together; a replacement that a power cut left half done is finished first. */
    public ClientIdentity identity(Use use) throws UnsafeConfigurationException {
        var key = privateKey(key(use));
        var chain = certificates(chain(use));
        if (!Keys.match(key, chain.get(0).getPublicKey()) && finish(use)) {
            chain = certificates(chain(use));
        }
        if (!Keys.match(key, chain.get(0).getPublicKey())) {
            throw new UnsafeConfigurationException(
                    key(use), "the key", "not the key of " + chain(use), "the key of its first certificate");
        }
        return new ClientIdentity(key, chain);
    }

    /** Puts a new key and its chain in place, so that at every moment one of the two pairs can be read. */
    void replace(Use use, String key, String chain) throws IOException {
        OwnerFile.stage(chain(use), chain.getBytes(StandardCharsets.US_ASCII));
        OwnerFile.write(key(use), key.getBytes(StandardCharsets.US_ASCII));
        OwnerFile.promote(chain(use));
    }

    private boolean finish(Use use) throws UnsafeConfigurationException {
        try {
            OwnerFile.promote(chain(use));
            return true;
        } catch (IOException e) {
            throw new UnsafeConfigurationException(
                    chain(use), "the file", "not writable", "a file that can be replaced");
        }
    }

    private static List<X509Certificate> certificates(Path file) throws UnsafeConfigurationException {
        try {
            return Pem.certificates(text(file));
        } catch (MalformedException e) {
            throw new UnsafeConfigurationException(
                    file, "the file", "not readable: " + e.getMessage(), "PEM certificates");
        }
    }

    private static PrivateKey privateKey(Path file) throws UnsafeConfigurationException {
        try {
            return Pem.privateKey(text(file));
        } catch (MalformedException e) {
            throw new UnsafeConfigurationException(
                    file, "the file", "not readable: " + e.getMessage(), "one PKCS#8 private key in PEM");
        }
    }

    private static String text(Path file) throws UnsafeConfigurationException {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UnsafeConfigurationException(file, "the file", "missing or not readable", "a readable PEM file");
        }
    }
}
