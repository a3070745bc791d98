package io.gatehouse.enrollment.app;

import io.gatehouse.admission.feed.Report;
import io.gatehouse.enrollment.app.domain.Listing;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.domain.Page;
import io.gatehouse.enrollment.app.domain.Session;
import io.gatehouse.identity.BrokerName;
import io.gatehouse.identity.DeviceId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** The live sessions as the brokers report them; in memory, evidence only. Thread-safe. */
public final class Sessions {
    /** More than a broker can have: what it reports beyond is not kept. */
    static final int MOST_PER_BROKER = 250_000;

    private static final int LONGEST_TEXT = 256;

    private final NavigableMap<String, Session> sessions = new TreeMap<>();
    private final NavigableMap<String, NavigableSet<String>> byDevice = new TreeMap<>();
    private final Map<BrokerName, Integer> counts = new HashMap<>();

    public synchronized Outcome<Listing<Session>> list(Optional<DeviceId> device, Page page) {
        String after = page.after().orElse("");
        var found = new ArrayList<Session>();
        if (device.isPresent()) {
            byDevice.getOrDefault(device.get().caseFolded(), new TreeSet<>()).tailSet(after, false).stream()
                    .limit(page.limit() + 1L)
                    .forEach(id -> found.add(known(id)));
        } else {
            sessions.tailMap(after, false).values().stream()
                    .limit(page.limit() + 1L)
                    .forEach(found::add);
        }
        return Outcome.done(Listing.of(found, page.limit(), Session::id));
    }

    public synchronized List<Session> of(DeviceId device) {
        return byDevice.getOrDefault(device.caseFolded(), new TreeSet<>()).stream()
                .map(this::known)
                .toList();
    }

    /** The session of that id, while its broker says that it is live. */
    public synchronized Optional<Session> find(String id) {
        return Optional.ofNullable(sessions.get(id));
    }

    public synchronized int count() {
        return sessions.size();
    }

    /** How many sessions that broker reports. */
    public synchronized int count(BrokerName broker) {
        return counts.getOrDefault(broker, 0);
    }

    /** The case-folded ids of connected devices after the given one, in order. */
    synchronized List<String> devicesAfter(String after, int limit) {
        return byDevice.tailMap(after, false).keySet().stream().limit(limit).toList();
    }

    synchronized boolean connected(DeviceId device) {
        return byDevice.containsKey(device.caseFolded());
    }

    synchronized void apply(BrokerName broker, Report report) {
        if (report.full()) {
            forget(broker);
        }
        report.opened().forEach(opened -> add(broker, opened));
        report.closed().forEach(closed -> remove(id(broker, closed.session())));
    }

    private void forget(BrokerName broker) {
        var theirs = sessions.values().stream()
                .filter(session -> session.broker().equals(broker))
                .map(Session::id)
                .toList();
        theirs.forEach(this::remove);
    }

    private void add(BrokerName broker, Report.Opened opened) {
        String id = id(broker, opened.session());
        remove(id);
        if (counts.getOrDefault(broker, 0) >= MOST_PER_BROKER) {
            return;
        }
        sessions.put(
                id,
                new Session(
                        id,
                        broker,
                        clip(opened.clientId()),
                        opened.device().value(),
                        Optional.of(opened.certificate().hex()),
                        clip(opened.address()),
                        clip(opened.listener()),
                        clip(opened.tls()),
                        opened.since()));
        byDevice.computeIfAbsent(opened.device().caseFolded(), folded -> new TreeSet<>())
                .add(id);
        counts.merge(broker, 1, Integer::sum);
    }

    private void remove(String id) {
        var gone = sessions.remove(id);
        if (gone == null) {
            return;
        }
        counts.merge(gone.broker(), -1, Integer::sum);
        byDevice.computeIfPresent(gone.device().toLowerCase(Locale.ROOT), (folded, ids) -> {
            ids.remove(id);
            return ids.isEmpty() ? null : ids;
        });
    }

    private Session known(String id) {
        return java.util.Objects.requireNonNull(sessions.get(id));
    }

    private static String id(BrokerName broker, String session) {
        return broker + "." + clip(session);
    }

    /** A broker that was taken over must not fill the memory. */
    static String clip(String text) {
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT);
    }
}
