package io.gatehouse.broker.enforce;

import io.gatehouse.admission.decision.Admission;
import io.gatehouse.admission.replica.Applied;
import io.gatehouse.admission.replica.Directory;
import io.gatehouse.broker.admit.StoredSessions;
import io.gatehouse.broker.control.Later;
import io.gatehouse.broker.sessions.LiveSession;
import io.gatehouse.broker.sessions.Sessions;
import io.gatehouse.broker.sessions.StoredClients;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.RefusalReason;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings devices back to the number of sessions that their fleet allows, when it is lowered or the device moved. Those connected
 * stay before those away; of them the longest connected; of those away the device's own client id, then in the order of their ids. The others'
 * stored sessions are thrown away. Thread-safe.
 */
public final class SessionLimits {
    private static final Logger LOG = LoggerFactory.getLogger(SessionLimits.class);
    private static final Comparator<LiveSession> LONGEST_FIRST = Comparator.comparing(
                    (LiveSession session) -> session.origin().since())
            .thenComparing(LiveSession::id);

    private final Directory directory;
    private final Sessions sessions;
    private final StoredClients clients;
    private final StoredSessions stored;
    private final Purger purger;
    private final Later later;
    private final Concerned concerned;

    public SessionLimits(
            Directory directory,
            Sessions sessions,
            StoredClients clients,
            StoredSessions stored,
            Purger purger,
            Later later) {
        this.directory = directory;
        this.sessions = sessions;
        this.clients = clients;
        this.stored = stored;
        this.purger = purger;
        this.later = later;
        this.concerned = new Concerned(directory, clients);
    }

    /** Those of these live sessions that are too many now, or whose client id the fleet no longer allows. */
    Set<LiveSession> tooMany(Collection<LiveSession> some) {
        var tooMany = new HashSet<LiveSession>();
        var devices = some.stream().map(LiveSession::device).collect(Collectors.toSet());
        for (var device : devices) {
            int max = max(device);
            var live = sessions.of(device).stream()
                    .filter(session -> session.ended().isEmpty())
                    .toList();
            live.stream()
                    .filter(session -> !Admission.bound(session.clientId(), device, max))
                    .forEach(tooMany::add);
            newest(live).stream()
                    .filter(session -> !tooMany.contains(session))
                    .sorted(LONGEST_FIRST)
                    .skip(max)
                    .forEach(tooMany::add);
        }
        return tooMany;
    }

    /** Of each client id the one connection that the broker keeps: it is ending the others, which were taken over. */
    private static Collection<LiveSession> newest(Collection<LiveSession> live) {
        return live.stream()
                .collect(Collectors.toMap(
                        LiveSession::clientId, session -> session, BinaryOperator.maxBy(LONGEST_FIRST)))
                .values();
    }

    /** After the live ones that are too many are being closed. */
    void trim(Applied applied) {
        var over = concerned.by(applied).stream()
                .filter(device -> clients.count(device) > max(device))
                .toList();
        if (!over.isEmpty()) {
            later.now(() -> over.forEach(this::trim));
        }
    }

    private void trim(DeviceId device) {
        clients.of(device).forEach(clientId -> stored.tidy(device, clientId));
        int max = max(device);
        var surplus = surplus(device, max);
        if (surplus.isEmpty()) {
            return;
        }
        LOG.info("{} may have {} session(s) here; {} more are thrown away.", device, max, surplus.size());
        for (var clientId : surplus) {
            purger.purgeClient(clientId, RefusalReason.SESSION_LIMIT).whenComplete((done, failure) -> {
                if (failure == null) {
                    later.now(() -> stored.tidy(device, clientId));
                } else {
                    LOG.error("A session of {} that is too many could not be thrown away.", device, failure);
                }
            });
        }
    }

    private List<String> surplus(DeviceId device, int max) {
        var live = sessions.of(device).stream()
                .filter(session -> session.ended().isEmpty())
                .sorted(LONGEST_FIRST)
                .map(LiveSession::clientId)
                .toList();
        Map<String, Integer> places = new HashMap<>();
        live.forEach(clientId -> places.putIfAbsent(clientId, places.size()));
        var known = clients.of(device);
        var ranked = known.stream()
                .filter(clientId -> Admission.bound(clientId, device, max))
                .sorted(Comparator.comparingInt((String clientId) -> places.getOrDefault(clientId, live.size()))
                        .thenComparing(clientId -> !clientId.equals(device.value()))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(max)
                .collect(Collectors.toSet());
        return known.stream().filter(clientId -> !ranked.contains(clientId)).toList();
    }

    /** Who has no fleet here ends for that. */
    private int max(DeviceId device) {
        return directory.read(view -> view.device(device)
                .flatMap(entry -> view.fleet(entry.fleet()))
                .map(fleet -> fleet.entry().sessionsMax())
                .orElse(Integer.MAX_VALUE));
    }
}
