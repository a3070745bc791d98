package io.gatehouse.enrollment.wiring;

import io.gatehouse.enrollment.ca.Hierarchies;
import io.gatehouse.enrollment.config.ConfigException;
import io.gatehouse.enrollment.config.DurableFiles;
import io.gatehouse.enrollment.config.Home;
import io.gatehouse.enrollment.config.ServiceConfig;
import io.gatehouse.enrollment.store.SqliteRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.InstantSource;

/**
 * Makes the database of a home before its authorities, and only then: where there are authorities and no database, one was lost, and
 * with it every revocation. Stateless; for one process a home.
 */
public final class NewHome {
    private NewHome() {}

    /**
     * Makes database and authorities of a home that has neither, and opens the authorities; opens those that are there. A power cut at any
     * moment leaves a home for which this can be called again. The passphrase is not kept.
     *
     * @throws ConfigException when the authorities are there and the database is not
     * @throws io.gatehouse.enrollment.ca.HierarchyException when a person has to mend something first
     */
    public static Hierarchies make(ServiceConfig config, Home home, char[] passphrase, InstantSource clock) {
        if (Hierarchies.areThere(home)) {
            requireDatabase(home);
        } else {
            makeDatabase(home.create(), clock);
        }
        return Hierarchies.create(config, home, passphrase, clock);
    }

    /** Throws ConfigException, for the person who has to mend it, when a home has no database. */
    public static void requireDatabase(Home home) {
        try {
            if (Files.exists(home.database()) && Files.size(home.database()) > 0) {
                return;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(home.database() + " cannot be read", e);
        }
        throw new ConfigException(
                home.database().toString(),
                "",
                "",
                "the database is not there, but the keys of this home are; a new one would forget every revocation. Put it back,"
                        + " or restore a backup: gatehouse restore --replace --home " + home + " --from FILE");
    }

    private static void makeDatabase(Home home, InstantSource clock) {
        SqliteRegistry.open(home.database(), clock).close();
        try {
            DurableFiles.flush(home.data());
            DurableFiles.flush(home.root());
        } catch (IOException e) {
            throw new UncheckedIOException("the database of " + home + " cannot be made", e);
        }
    }
}
