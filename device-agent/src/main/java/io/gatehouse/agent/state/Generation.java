package io.gatehouse.agent.state;

import io.gatehouse.x509.Pem;
import io.gatehouse.x509.der.MalformedException;
import io.gatehouse.x509.tls.ClientIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/**
 * One identity on disk, complete or on its way: {@code device.key} (PKCS#8), {@code request.der} (the PKCS#10 that is sent, the same at each
 * attempt), {@code trust.pem} (the services root), {@code purpose.json}; and once there is a certificate {@code device.pem} (it alone),
 * {@code chain.pem} (the authorities above it), {@code renewal.json} (when to renew). Reads at each call. Every reading throws
 * {@link StoreException} when a file is missing or damaged.
 */
public final class Generation {
    static final String KEY = "device.key";
    static final String REQUEST = "request.der";
    static final String CERTIFICATE = "device.pem";
    static final String CHAIN = "chain.pem";
    static final String TRUST = "trust.pem";
    static final String PURPOSE = "purpose.json";
    static final String RENEWAL = "renewal.json";

    private static final long LARGEST = 1 << 20;

    private final Path directory;
    private final int number;

    Generation(Path directory, int number) {
        this.directory = directory;
        this.number = number;
    }

    public int number() {
        return number;
    }

    public Path directory() {
        return directory;
    }

    /** Whether the certificate has arrived; it is written after its chain. */
    public boolean hasCertificate() {
        return Files.exists(file(CERTIFICATE));
    }

    /** The private key; refused when others may read its file. */
    public PrivateKey key() {
        var open = EnumSet.of(
                PosixFilePermission.GROUP_READ,
                PosixFilePermission.GROUP_WRITE,
                PosixFilePermission.OTHERS_READ,
                PosixFilePermission.OTHERS_WRITE);
        try {
            open.retainAll(Files.getPosixFilePermissions(file(KEY)));
        } catch (IOException e) {
            throw new StoreException(file(KEY) + " cannot be read", e);
        }
        if (!open.isEmpty()) {
            throw new StoreException(file(KEY) + " is open to others: its mode must be 0600");
        }
        return parse(KEY, Pem::privateKey);
    }

    public byte[] request() {
        return bytes(REQUEST);
    }

    public X509Certificate certificate() {
        return parse(CERTIFICATE, Pem::certificate);
    }

    /** The authorities above the certificate, nearest first. */
    public List<X509Certificate> chain() {
        return parse(CHAIN, Pem::certificates);
    }

    /** The services roots. */
    public List<X509Certificate> trust() {
        return parse(TRUST, Pem::certificates);
    }

    public Purpose purpose() {
        return Purpose.read(bytes(PURPOSE)).orElseThrow(() -> damaged(PURPOSE));
    }

    /** What the device proves itself with: the key, the certificate and the authorities below the root. */
    public ClientIdentity identity() {
        var chain = new ArrayList<X509Certificate>();
        chain.add(certificate());
        chain().stream()
                .filter(ca -> !ca.getSubjectX500Principal().equals(ca.getIssuerX500Principal()))
                .forEach(chain::add);
        return new ClientIdentity(key(), chain);
    }

    /** When to renew, as the service said with the certificate; without its word from two thirds to five sixths of the lifetime. */
    public RenewalWindow window() {
        return Files.exists(file(RENEWAL))
                ? Json.read(bytes(RENEWAL)).flatMap(RenewalWindow::of).orElseThrow(() -> damaged(RENEWAL))
                : RenewalWindow.ofLifetime(certificate());
    }

    /** A time from text, or nothing. */
    static Optional<Instant> time(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    private byte[] bytes(String name) {
        var file = file(name);
        try {
            if (Files.size(file) > LARGEST) {
                throw damaged(name);
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new StoreException(file + " cannot be read", e);
        }
    }

    private <T> T parse(String name, Reading<T> reading) {
        try {
            return reading.read(new String(bytes(name), StandardCharsets.US_ASCII));
        } catch (MalformedException e) {
            throw new StoreException(file(name) + " is damaged: " + e.getMessage(), e);
        }
    }

    private StoreException damaged(String name) {
        return new StoreException(file(name) + " is damaged");
    }

    @FunctionalInterface
    private interface Reading<T> {
        T read(String text) throws MalformedException;
    }
}
