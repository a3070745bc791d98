package io.gatehouse.enrollment.app.imports;

import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.enrollment.app.port.Transaction;
import io.gatehouse.enrollment.app.port.View;
import io.gatehouse.enrollment.app.port.View.ImportedAuthority;
import io.gatehouse.identity.Fingerprint;
import java.time.InstantSource;
import java.util.Map;

/**
 * Which foreign CAs brokers let through the handshake: those of which an imported certificate lives, and no other. What gets through
 * the handshake has opened nothing yet. Thread-safe.
 */
public final class ImportedAuthorities {
    private static final String PREFIX = "imported-";

    private final Registry registry;
    private final InstantSource clock;

    public ImportedAuthorities(Registry registry, InstantSource clock) {
        this.registry = registry;
        this.clock = clock;
    }

    /** Its name in the directory. */
    static String name(Fingerprint authority) {
        return PREFIX + authority.hex();
    }

    /** Makes the directory say what the certificates say. To be called now and then: certificates end by themselves. */
    public void sweep() {
        for (var authority : registry.read(View::importedAuthorities)) {
            if (registry.read(view -> needsChange(view, authority))) {
                registry.write(transaction -> put(transaction, authority, Actor.SYSTEM));
            }
        }
    }

    /** In a transaction that has changed certificates of this authority; whether the directory changes. */
    boolean put(Transaction transaction, ImportedAuthority authority, Actor actor) {
        boolean alive = transaction.hasLiveImported(authority.sha256(), clock.instant());
        String name = name(authority.sha256());
        boolean changed = alive ? transaction.saveAuthority(name, authority.der()) : transaction.removeAuthority(name);
        if (changed) {
            transaction.audit(
                    actor,
                    alive ? "authority.import" : "authority.retire",
                    name,
                    Map.of("certificate", authority.sha256().hex()));
        }
        return changed;
    }

    private boolean needsChange(View view, ImportedAuthority authority) {
        return view.hasLiveImported(authority.sha256(), clock.instant())
                != view.namesAuthority(name(authority.sha256()));
    }
}
