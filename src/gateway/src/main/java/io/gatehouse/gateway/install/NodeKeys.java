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
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The two keys with which a node asks for its certificates. New ones wait beside the identity in use, on the disk, until their
 * certificates are there: whoever is interrupted asks with the same keys again. Those in use stay in use until then. Immutable.
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
     * With which keys to ask, one after the other while the service says that the name has another key. Throws {@link NotEnrolled} when an
     * identity of another name is in use, or one that cannot be read.
     *
     * <p>Without force an identity in use comes first: what a forced enrollment has left that failed does not stand in its way. Keys that wait
     * come after it, because that enrollment may have failed after the service had carried it out. They come alone when there is no other
     * identity, when a new one was asked for, or when they have begun to take their places.
     *
     * @param force whether a node that has an identity gets new keys
     */
    static List<NodeKeys> of(NodeFolder folder, BrokerName name, boolean force) throws IOException {
        boolean has = Files.exists(folder.path(FEED + ".key"));
        Optional<NodeKeys> waiting = waiting(folder, name);
        if (force && waiting.isPresent() && waiting.get().places(folder) == 2) {
            waiting = Optional.empty(); // not new any more
        }
        if (waiting.isPresent() && (force || !has || waiting.get().places(folder) > 0)) {
            return List.of(waiting.get());
        }
        if (has && !force) {
            return Stream.concat(Stream.of(inUse(folder, name)), waiting.stream())
                    .toList();
        }
        done(folder);
        Path fresh = folder.path(WAITING);
        folder.directory(fresh);
        make(folder, fresh, FEED, name);
        make(folder, fresh, SERVER, name);
        folder.write(fresh.resolve(OF), name + "\n");
        return List.of(waiting(folder, name)
                .orElseThrow(() -> new IllegalStateException("keys that were just written cannot be read")));
    }

    /** The certificates are in place: forgets the keys that wait, at once, also when a power cut leaves some of their files. */
    static void done(NodeFolder folder) throws IOException {
        Path waiting = folder.path(WAITING);
        if (Files.deleteIfExists(waiting.resolve(OF))) {
            DurableFiles.flush(waiting);
        }
        DurableFiles.remove(waiting);
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

    /** Those that wait for that name, when they are whole. */
    private static Optional<NodeKeys> waiting(NodeFolder folder, BrokerName name) throws IOException {
        Path waiting = folder.path(WAITING);
        if (!Files.exists(waiting.resolve(OF))
                || !Files.readString(waiting.resolve(OF)).strip().equals(name.value())) {
            return Optional.empty();
        }
        try {
            return Optional.of(new NodeKeys(waiting(waiting, FEED), waiting(waiting, SERVER), false));
        } catch (MalformedException | NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static Pair waiting(Path waiting, String use) throws IOException, MalformedException {
        return new Pair(
                Pem.privateKey(Files.readString(waiting.resolve(use + ".key"))),
                Files.readString(waiting.resolve(use + ".csr")));
    }

    /** How many of the two are the node's already. */
    private int places(NodeFolder folder) throws IOException {
        return (isAt(folder, FEED, feed) ? 1 : 0) + (isAt(folder, SERVER, server) ? 1 : 0);
    }

    private static boolean isAt(NodeFolder folder, String use, Pair pair) throws IOException {
        Path file = folder.path(use + ".key");
        return Files.exists(file) && Files.readString(file).equals(Pem.write(pair.key()));
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
