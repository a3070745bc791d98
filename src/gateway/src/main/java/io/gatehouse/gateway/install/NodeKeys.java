package io.gatehouse.gateway.install;

import io.gatehouse.enrollment.config.DurableFiles;
import io.gatehouse.identity.BrokerName;
import io.gatehouse.x509.Certificates;
import io.gatehouse.x509.Keys;
import io.gatehouse.x509.Pem;
import io.gatehouse.x509.Pkcs10Request;
import io.gatehouse.x509.SpiffeId;
import io.gatehouse.x509.der.MalformedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * The two keys with which a node asks for its certificates. New ones wait beside the identity in use, on the disk, until their
 * certificates are there: whoever is interrupted asks with the same keys again. Immutable.
 *
 * @param inUse whether they are those of the identity that the node has already
 */
record NodeKeys(Pair feed, Pair server, boolean inUse) {
    static final String FEED = "feed";
    static final String SERVER = "server";

    private static final String WAITING = ".enroll";
    /** Written last: with it the keys are complete. */
    private static final String OF = "broker";

    /** A key and the request that it has signed, as PEM. */
    record Pair(PrivateKey key, String request) {}

    /**
     * Those of an interrupted enrollment of that name, else those that the node has, else new ones. Throws {@link NotEnrolled} when
     * an identity of another name is in use, or one that cannot be read.
     *
     * @param force whether a node that has an identity gets new keys
     */
    static NodeKeys of(NodeFolder folder, BrokerName name, boolean force) throws IOException {
        Path waiting = folder.path(WAITING);
        try {
            if (Files.exists(waiting.resolve(OF))
                    && Files.readString(waiting.resolve(OF)).strip().equals(name.value())) {
                return new NodeKeys(waiting(waiting, FEED), waiting(waiting, SERVER), false);
            }
        } catch (MalformedException e) {
            throw new NotEnrolled(waiting + " holds keys that cannot be read: remove that folder, and enroll again");
        }
        if (!force && Files.exists(folder.path(FEED + ".key"))) {
            return inUse(folder, name);
        }
        DurableFiles.remove(waiting);
        folder.directory(waiting);
        make(folder, waiting, FEED, name);
        make(folder, waiting, SERVER, name);
        folder.write(waiting.resolve(OF), name + "\n");
        return of(folder, name, force);
    }

    /** The certificates are in place. */
    static void done(NodeFolder folder) throws IOException {
        DurableFiles.remove(folder.path(WAITING));
    }

    /** The certificate of that use that the node has, when it can be read. */
    static Optional<X509Certificate> certificate(NodeFolder folder, String use) throws IOException {
        Path file = folder.path(use + ".pem");
        try {
            return Files.exists(file)
                    ? Pem.certificates(Files.readString(file)).stream().findFirst()
                    : Optional.empty();
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }

    private static void make(NodeFolder folder, Path waiting, String use, BrokerName name) throws IOException {
        KeyPair pair = Keys.generateP256();
        byte[] request = Pkcs10Request.create(pair, name.value());
        folder.write(waiting.resolve(use + ".csr"), Pem.write(Pem.CERTIFICATE_REQUEST, request));
        folder.write(waiting.resolve(use + ".key"), Pem.write(pair.getPrivate()));
    }

    private static Pair waiting(Path waiting, String use) throws IOException, MalformedException {
        return new Pair(
                Pem.privateKey(Files.readString(waiting.resolve(use + ".key"))),
                Files.readString(waiting.resolve(use + ".csr")));
    }

    private static NodeKeys inUse(NodeFolder folder, BrokerName name) throws IOException {
        Optional<String> holder = certificate(folder, FEED)
                .flatMap(Certificates::spiffeId)
                .filter(SpiffeId.Broker.class::isInstance)
                .map(id -> ((SpiffeId.Broker) id).broker().value());
        if (!holder.equals(Optional.of(name.value()))) {
            throw new NotEnrolled(folder.path("") + " holds the identity of "
                    + holder.map(other -> "broker " + other).orElse("a broker that cannot be told")
                    + ": nothing is changed; --force makes a new one for " + name);
        }
        return new NodeKeys(pairInUse(folder, FEED, name), pairInUse(folder, SERVER, name), true);
    }

    private static Pair pairInUse(NodeFolder folder, String use, BrokerName name) throws IOException {
        try {
            PrivateKey key = Pem.privateKey(Files.readString(folder.path(use + ".key")));
            Optional<X509Certificate> certificate = certificate(folder, use);
            if (certificate.isPresent() && Keys.match(key, certificate.get().getPublicKey())) {
                byte[] request =
                        Pkcs10Request.create(new KeyPair(certificate.get().getPublicKey(), key), name.value());
                return new Pair(key, Pem.write(Pem.CERTIFICATE_REQUEST, request));
            }
        } catch (MalformedException e) {
            // said below
        }
        throw new NotEnrolled(
                folder.path(use + ".key") + " is not the key of " + folder.path(use + ".pem")
                        + ": start the broker, which finishes a renewal that was interrupted, or make a new identity with --force");
    }

    /** Whether these are still the keys on the disk: a broker that runs may have renewed its own meanwhile. */
    boolean stillInUse(NodeFolder folder, List<X509Certificate> feedChain, List<X509Certificate> serverChain)
            throws IOException {
        try {
            return Keys.match(
                            Pem.privateKey(Files.readString(folder.path(FEED + ".key"))),
                            feedChain.get(0).getPublicKey())
                    && Keys.match(
                            Pem.privateKey(Files.readString(folder.path(SERVER + ".key"))),
                            serverChain.get(0).getPublicKey());
        } catch (MalformedException e) {
            return false;
        }
    }
}
