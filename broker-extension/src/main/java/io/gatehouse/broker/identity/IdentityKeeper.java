package io.gatehouse.broker.identity;

import io.gatehouse.admission.replica.Directory;
import io.gatehouse.admission.replica.View;
import io.gatehouse.broker.config.HivemqConfig;
import io.gatehouse.broker.config.KeystoreSettings;
import io.gatehouse.broker.config.UnsafeConfigurationException;
import io.gatehouse.broker.identity.IdentityFiles.Use;
import io.gatehouse.x509.Certificates;
import io.gatehouse.x509.der.MalformedException;
import io.gatehouse.x509.tls.ClientIdentity;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what HiveMQ's listener shows and trusts: the renewed server certificate, and exactly the devices CAs that the feed names.
 * {@link #look} blocks and belongs on a thread of its own; the rest is thread-safe.
 */
public final class IdentityKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(IdentityKeeper.class);

    private final IdentityFiles files;
    private final HivemqConfig hivemq;
    private final Renewal renewal;
    private final Directory directory;
    private final Consumer<ClientIdentity> feedIdentity;
    private final Optional<PublicStore> publicStore;
    private volatile Optional<String> problem = Optional.empty();
    private volatile long serverUntil;
    private volatile long feedUntil;

    /** {@code feedIdentity} takes what the next connection to the service is made with. */
    public IdentityKeeper(
            IdentityFiles files,
            HivemqConfig hivemq,
            Renewal renewal,
            Directory directory,
            Consumer<ClientIdentity> feedIdentity,
            Optional<PublicStore> publicStore) {
        this.files = files;
        this.hivemq = hivemq;
        this.renewal = renewal;
        this.directory = directory;
        this.feedIdentity = feedIdentity;
        this.publicStore = publicStore;
    }

    /** One line when something of it does not work; devices go on connecting until a certificate ends. */
    public Optional<String> problem() {
        return problem;
    }

    /** When the server's certificate ends, in seconds of the epoch; 0 before the first look. */
    public long serverUntil() {
        return serverUntil;
    }

    public long feedUntil() {
        return feedUntil;
    }

    /** When the certificate of another CA ends that some listeners show; 0 when none does. */
    public long publicUntil() {
        return publicStore.map(PublicStore::until).orElse(0L);
    }

    /** Renews what is due and puts the stores right. */
    public void look() {
        List<String> wrong = new ArrayList<>();
        attempt("truststore", this::keepTruststore, wrong);
        attempt("feed certificate", this::keepFeed, wrong);
        attempt("server certificate", this::keepServer, wrong);
        publicStore.ifPresent(store -> attempt("public certificate", () -> store.keep(publicKeystores()), wrong));
        var now = wrong.isEmpty() ? Optional.<String>empty() : Optional.of(String.join("; ", wrong));
        if (!now.equals(problem)) {
            now.ifPresentOrElse(LOG::error, () -> LOG.info("Certificates and stores are in order again."));
        }
        problem = now;
    }

    /**
     * Writes every store that we keep once more, so that HiveMQ reads it. At its start HiveMQ reads the stores first and takes the hash by
     * which it knows a change afterwards: what was written between the two it would never read.
     */
    public void writeAgain() {
        for (var store : hivemq.truststores()) {
            attemptAgain(store);
        }
        hivemq.keystores().stream().filter(this::isOurs).forEach(IdentityKeeper::attemptAgain);
        publicStore.ifPresent(shown -> publicKeystores().forEach(IdentityKeeper::attemptAgain));
    }

    private static void attemptAgain(KeystoreSettings store) {
        try {
            StoreFile.writeAgain(store);
            LOG.info("{} is written once more: HiveMQ does not use what it holds.", store.file());
        } catch (IOException e) {
            LOG.error("{} could not be written once more: {}", store.file(), e.toString());
        }
    }

    private interface Step {
        void run() throws IOException, UnsafeConfigurationException, MalformedException;
    }

    private static void attempt(String what, Step step, List<String> wrong) {
        try {
            step.run();
        } catch (IOException | UnsafeConfigurationException | MalformedException | RuntimeException e) {
            wrong.add("the " + what + " is not kept up to date: " + e.getMessage());
        }
    }

    private void keepTruststore() throws IOException, MalformedException {
        List<X509Certificate> authorities = new ArrayList<>();
        for (var entry : directory.read(View::authorities)) {
            authorities.add(Certificates.parse(entry.der()));
        }
        if (authorities.isEmpty()) {
            // Before the first snapshot. An empty truststore would stop HiveMQ's listener.
            return;
        }
        for (var store : hivemq.truststores()) {
            if (!StoreFile.trusts(store, authorities)) {
                StoreFile.writeTrust(store, authorities);
                LOG.info("HiveMQ trusts the devices CAs that the service names now: {}.", authorities.size());
            }
        }
    }

    private void keepFeed() throws IOException, UnsafeConfigurationException {
        var before = feedUntil;
        var identity = renewal.current(Use.FEED);
        feedUntil = end(identity);
        if (feedUntil != before && before != 0) {
            feedIdentity.accept(identity);
            LOG.info(
                    "The feed certificate is renewed until {}.",
                    identity.certificate().getNotAfter().toInstant());
        }
    }

    private void keepServer() throws IOException, UnsafeConfigurationException {
        var ours = hivemq.keystores().stream().filter(this::isOurs).toList();
        if (ours.isEmpty()) {
            // The operator shows a certificate of their own.
            return;
        }
        // what there is, whatever becomes of its renewal
        show(files.identity(Use.SERVER), ours);
        show(renewal.current(Use.SERVER), ours);
    }

    private void show(ClientIdentity identity, List<KeystoreSettings> ours) throws IOException {
        serverUntil = end(identity);
        for (var store : ours) {
            if (!StoreFile.shows(store, identity)) {
                StoreFile.writeKey(store, identity);
                LOG.info(
                        "HiveMQ shows the server certificate that ends at {}.",
                        identity.certificate().getNotAfter().toInstant());
            }
        }
    }

    private boolean isOurs(KeystoreSettings store) {
        return store.file().equals(files.keystore().toAbsolutePath().normalize());
    }

    private List<KeystoreSettings> publicKeystores() {
        var file = files.publicKeystore().toAbsolutePath().normalize();
        return hivemq.keystores().stream()
                .filter(store -> store.file().equals(file))
                .toList();
    }

    private static long end(ClientIdentity identity) {
        return identity.certificate().getNotAfter().toInstant().getEpochSecond();
    }
}
