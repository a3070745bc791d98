package io.gatehouse.broker.identity;

import io.gatehouse.broker.config.ExtensionConfig.PublicPair;
import io.gatehouse.broker.config.KeystoreSettings;
import io.gatehouse.x509.tls.ClientIdentity;
import io.gatehouse.x509.tls.ServerPem;
import io.gatehouse.x509.tls.ServerPemException;
import io.gatehouse.x509.tls.ServerPemFiles;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the key store of the listeners that show a certificate of another CA as its owner's PEM files are. Files that are not in order
 * change nothing: what HiveMQ shows stays. {@link #keep} belongs on one thread; {@link #until} is thread-safe.
 */
public final class PublicStore {
    private static final Logger LOG = LoggerFactory.getLogger(PublicStore.class);

    private final PublicPair pair;
    private final InstantSource clock;
    private @Nullable ServerPemFiles files;
    private volatile long until;

    public PublicStore(PublicPair pair, InstantSource clock) {
        this.pair = pair;
        this.clock = clock;
    }

    /** When the certificate ends, in seconds of the epoch; 0 while none was read. */
    public long until() {
        return until;
    }

    /** Reads the files and puts these stores right. Throws with a line for the operator when the files cannot be used as they are. */
    void keep(List<KeystoreSettings> stores) throws IOException {
        var current = current();
        until = current.until().getEpochSecond();
        var identity = new ClientIdentity(current.key(), current.chain());
        for (var store : stores) {
            if (!StoreFile.shows(store, identity)) {
                StoreFile.writeKey(store, identity);
                LOG.info("HiveMQ shows the public certificate that ends at {}.", current.until());
            }
        }
        Optional<String> wrong = files == null ? Optional.empty() : files.problem();
        if (wrong.isPresent()) {
            throw new IOException(wrong.get());
        }
        if (current.endsSoon(clock.instant())) {
            throw new IOException("it was not renewed and ends at " + current.until());
        }
    }

    private ServerPem current() throws IOException {
        try {
            if (files == null) {
                files = ServerPemFiles.open(pair.certificate(), pair.key(), clock);
            } else {
                files.look();
            }
            return files.current();
        } catch (ServerPemException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
