package io.gatehouse.broker.identity;

import io.gatehouse.admission.replica.Directory;
import io.gatehouse.admission.replica.View;
import io.gatehouse.broker.config.HivemqConfig;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.x509.Certificates;
import io.gatehouse.x509.der.MalformedException;
import java.io.IOException;
import java.security.Principal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows which of the directory's devices CAs HiveMQ really lets through the handshake. HiveMQ takes up to ten seconds to read a new
 * truststore, and may not be able to: so the listeners are asked, and again until they ask for exactly what the directory names.
 * {@link #look} blocks and belongs on one thread; the rest is thread-safe.
 */
public final class TrustInUse {
    private static final Logger LOG = LoggerFactory.getLogger(TrustInUse.class);
    /** HiveMQ has looked at its files several times by then. */
    private static final int EAGER = 30;
    /** HiveMQ would have read the stores by then, had it noticed that they changed. */
    private static final int UNNOTICED = 15;

    private final HivemqConfig hivemq;
    private final Directory directory;
    private final AskedFor askedFor;
    private final Runnable probing;
    private final Runnable writeAgain;
    private volatile List<Fingerprint> trusted = List.of();
    private volatile Optional<String> problem = Optional.empty();
    /** Also those that the directory names no more: HiveMQ may still trust them for a while. */
    private final Map<Fingerprint, Principal> known = new LinkedHashMap<>();

    private Set<Fingerprint> settled = Set.of();
    private int looks;

    /**
     * @param probing hears of each handshake that is about to be tried
     * @param writeAgain makes HiveMQ read the stores although it takes them for read
     */
    public TrustInUse(HivemqConfig hivemq, Directory directory, Runnable probing, Runnable writeAgain) {
        this.probing = probing;
        this.writeAgain = writeAgain;
        this.hivemq = hivemq;
        this.directory = directory;
        this.askedFor = new AskedFor(hivemq.keystores());
    }

    /** The devices CAs that every listener asked for when it was last looked at. */
    public List<Fingerprint> trusted() {
        return trusted;
    }

    /** One line when the listeners do not ask for what the directory names, long after it named it. */
    public Optional<String> problem() {
        return problem;
    }

    /** To be called every second; asks the listeners only while something is new. */
    public void look() {
        try {
            var named = named();
            if (hivemq.listeners().isEmpty()) {
                return;
            }
            if (named.isEmpty() || settled.equals(fingerprints(named))) {
                return;
            }
            looks++;
            if (looks % EAGER == UNNOTICED) {
                writeAgain.run();
            }
            if (looks <= EAGER || looks % EAGER == 0) {
                ask(named);
            }
        } catch (IOException | MalformedException | RuntimeException e) {
            late("cannot be asked: " + e.getMessage());
        }
    }

    private void ask(List<Named> named) throws IOException {
        hivemq.listeners().forEach(listener -> probing.run());
        var names = askedFor.by(hivemq.listeners());
        named.forEach(authority -> known.put(authority.sha256(), authority.name()));
        trusted = known.entrySet().stream()
                .filter(authority -> names.contains(authority.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        var wanted = new HashSet<Principal>();
        named.forEach(authority -> wanted.add(authority.name()));
        if (names.equals(wanted)) {
            settled = fingerprints(named);
            known.keySet().retainAll(settled);
            looks = 0;
            problem = Optional.empty();
            LOG.info("HiveMQ asks devices for the {} CAs that the service names.", named.size());
        } else {
            late("ask for other devices CAs than the service names");
        }
    }

    private void late(String what) {
        if (looks >= EAGER) {
            if (problem.isEmpty()) {
                LOG.warn("HiveMQ's listeners {}.", what);
            }
            problem = Optional.of("HiveMQ's listeners " + what);
        }
    }

    private record Named(Fingerprint sha256, Principal name) {}

    private List<Named> named() throws MalformedException {
        List<Named> all = new ArrayList<>();
        for (var entry : directory.read(View::authorities)) {
            var certificate = Certificates.parse(entry.der());
            all.add(new Named(Certificates.fingerprint(certificate), certificate.getSubjectX500Principal()));
        }
        return all;
    }

    private static Set<Fingerprint> fingerprints(List<Named> named) {
        var all = new HashSet<Fingerprint>();
        named.forEach(authority -> all.add(authority.sha256()));
        return all;
    }
}
