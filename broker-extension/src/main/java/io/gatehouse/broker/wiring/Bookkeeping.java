package io.gatehouse.broker.wiring;

import io.gatehouse.admission.client.ReportClient;
import io.gatehouse.admission.client.ServiceLink;
import io.gatehouse.admission.decision.ConnectRequest;
import io.gatehouse.admission.feed.Report;
import io.gatehouse.broker.admit.Departures;
import io.gatehouse.broker.admit.Evidence;
import io.gatehouse.broker.admit.StoredSessions;
import io.gatehouse.broker.control.Later;
import io.gatehouse.broker.enforce.Enforcer;
import io.gatehouse.broker.enforce.ExpiryWatch;
import io.gatehouse.broker.monitor.Counts;
import io.gatehouse.broker.sessions.CloneWatch;
import io.gatehouse.broker.sessions.LiveSession;
import io.gatehouse.broker.sessions.StoredClients;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.RefusalReason;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down what happens at the doors: metrics, reports to the service, log, and when each session's certificate expires. */
final class Bookkeeping implements Evidence, Enforcer.Acknowledgement {
    private static final Logger LOG = LoggerFactory.getLogger(Bookkeeping.class);
    private static final int LINES_A_SECOND = 50;
    private static final int LONGEST_CLIENT_ID = 256;
    /** By then HiveMQ has noted the end of a session that does not stay. */
    private static final long TIDY_MILLIS = 5_000;

    private final Counts metrics;
    private final ExpiryWatch expiry;
    private final InstantSource clock;
    private final StoredSessions stored;
    private final Later later;
    private final LogThrottle throttle;
    private final SourceThrottle sources;
    private final CloneWatch clones = new CloneWatch();
    private final CloneAlarms cloneAlarms;
    private final AtomicReference<ServiceLink> link = new AtomicReference<>();

    Bookkeeping(Counts metrics, ExpiryWatch expiry, StoredSessions stored, Later later, InstantSource clock) {
        this.metrics = metrics;
        this.expiry = expiry;
        this.stored = stored;
        this.later = later;
        this.clock = clock;
        this.throttle = new LogThrottle(LINES_A_SECOND, clock);
        this.sources = new SourceThrottle(clock);
        this.cloneAlarms = new CloneAlarms(clock);
    }

    void reportTo(ServiceLink service) {
        link.set(service);
    }

    private Optional<ServiceLink> link() {
        return Optional.ofNullable(link.get());
    }

    private Optional<ReportClient> reports() {
        return link().map(ServiceLink::reports);
    }

    @Override
    public void admitted(LiveSession session) {
        metrics.admitted();
        expiry.add(session);
        var origin = session.origin();
        reports().ifPresent(client -> {
            client.opened(new Report.Opened(
                    session.id(),
                    session.clientId(),
                    session.device(),
                    session.certificate(),
                    origin.address(),
                    origin.listener(),
                    origin.tls(),
                    origin.since()));
            client.admitted(session.certificate());
        });
    }

    @Override
    public void refused(RefusalReason reason, ConnectRequest request, String address) {
        metrics.refused(reason);
        // By its certificate, of which a device cannot have many; a stranger by where it comes from.
        if (!sources.lets(request.certificate().map(Fingerprint::hex).orElse(address))) {
            return;
        }
        String clientId = bounded(request.clientId());
        reports()
                .ifPresent(client -> client.refused(new Report.Refused(
                        request.now(),
                        reason,
                        Optional.of(clientId),
                        StoredClients.deviceOf(request.clientId()),
                        request.certificate(),
                        address)));
        throttle.next().ifPresent(unsaid -> {
            String more = unsaid == 0 ? "" : " (and " + unsaid + " more before)";
            LOG.info("Refused {} from {}: {}{}", printable(clientId), address, reason, more);
        });
    }

    @Override
    public void wouldRefuse(RefusalReason reason, ConnectRequest request, String address) {
        metrics.wouldRefuse(reason);
        throttle.next().ifPresent(unsaid -> {
            String more = unsaid == 0 ? "" : " (and " + unsaid + " more before)";
            LOG.info("Would refuse {} from {}: {}{}", printable(bounded(request.clientId())), address, reason, more);
        });
    }

    @Override
    public void contested(RefusalReason reason, ConnectRequest request, String address) {
        metrics.alarm(Counts.Alarm.CLIENT_ID);
        throttle.next()
                .ifPresent(unsaid -> LOG.warn(
                        "The client id {} belongs to a device and is used by a listener that is not governed: {} by {} is refused, {}.",
                        printable(bounded(request.clientId())),
                        address,
                        printable(request.listener()),
                        reason));
    }

    @Override
    public void decided(long nanos) {
        metrics.decided(nanos);
    }

    /** Somebody whom TLS kept out; HiveMQ's log knows no more of them. */
    void refusedByTls(RefusalReason reason, String address) {
        reports()
                .ifPresent(client -> client.refused(new Report.Refused(
                        clock.instant(), reason, Optional.empty(), Optional.empty(), Optional.empty(), address)));
    }

    @Override
    public void closed(LiveSession session, String word) {
        expiry.remove(session);
        later.after(TIDY_MILLIS, () -> stored.tidy(session.device(), session.clientId()));
        if (word.equals(Departures.TAKEN_OVER)) {
            clones.takenOver(session, clock.instant()).ifPresent(this::alarm);
        }
        reports()
                .ifPresent(client -> client.closed(
                        new Report.Closed(session.id(), session.clientId(), session.device(), word, clock.instant())));
    }

    /** A connection ended that was only observed. */
    void observedLeft(String clientId) {
        StoredClients.deviceOf(clientId)
                .ifPresent(device -> later.after(TIDY_MILLIS, () -> stored.tidy(device, clientId)));
    }

    /** What a person has to look into. */
    List<String> alarms() {
        return cloneAlarms.sentences();
    }

    private void alarm(CloneWatch.Alarm alarm) {
        metrics.alarm(Counts.Alarm.CLONE);
        cloneAlarms.raise(alarm);
        throttle.next()
                .ifPresent(unsaid -> LOG.warn(
                        "The certificate {} of {} is used in two places, {} and {}, which take the session {} from each other.",
                        alarm.certificate(),
                        alarm.device(),
                        alarm.one(),
                        alarm.other(),
                        printable(bounded(alarm.clientId()))));
    }

    @Override
    public void enforced(long revision, int closed, long nanos) {
        reports().ifPresent(client -> client.enforced(revision, closed));
        metrics.enforced(closed, nanos);
        if (closed > 0) {
            LOG.info("Revision {} closed {} session(s) in {} ms.", revision, closed, nanos / 1_000_000);
        }
    }

    @Override
    public void purged(DeviceId device, long revision) {
        link().ifPresent(service -> service.purged(device, revision));
        LOG.info("Threw away the sessions and queues of {}.", device);
    }

    private static String bounded(String clientId) {
        return clientId.length() <= LONGEST_CLIENT_ID ? clientId : clientId.substring(0, LONGEST_CLIENT_ID);
    }

    /** A client id is what a stranger sent: no line breaks or escapes of it reach the log. */
    private static String printable(String clientId) {
        var text = new StringBuilder("\"");
        clientId.chars().forEach(c -> text.append(c >= ' ' && c < 0x7f && c != '"' ? (char) c : '?'));
        return text.append('"').toString();
    }
}
