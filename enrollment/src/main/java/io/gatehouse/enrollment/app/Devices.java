package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.Device;
import io.gatehouse.enrollment.app.domain.DeviceCertificate;
import io.gatehouse.enrollment.app.domain.DeviceFilter;
import io.gatehouse.enrollment.app.domain.Enforcement;
import io.gatehouse.enrollment.app.domain.Listing;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.domain.Page;
import io.gatehouse.enrollment.app.domain.Session;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.enrollment.app.port.Transaction;
import io.gatehouse.enrollment.app.port.View;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.FleetName;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.identity.RevocationReason;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** Shows devices and does to them what an administrator may do ("What ends what" of the contract). Thread-safe. */
public final class Devices {
    /** The longest time that a caller may wait for brokers. */
    public static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private static final int SHOWN_CERTIFICATES = 100;

    private final Registry registry;
    private final Sessions sessions;
    private final Enforcements enforcements;
    private final DeviceActs acts;
    private final DeviceLists lists;

    public Devices(Registry registry, Sessions sessions, Enforcements enforcements, InstantSource clock) {
        this.registry = registry;
        this.sessions = sessions;
        this.enforcements = enforcements;
        this.acts = new DeviceActs(clock);
        this.lists = new DeviceLists(registry, sessions);
    }

    /** A device, its newest certificates, its live sessions. */
    public record Detail(Device device, List<DeviceCertificate> certificates, List<Session> sessions) {}

    /** What is to change; an attribute with an empty value goes away, empty members stay. */
    public record Patch(Optional<FleetName> fleet, Map<String, Optional<String>> attributes) {}

    public Outcome<Listing<Device>> list(DeviceFilter filter, Page page) {
        return Outcome.done(lists.list(filter, page));
    }

    public Outcome<Detail> get(DeviceId id) {
        return registry.read(view -> find(view, id).map(device -> detail(view, device)));
    }

    public Outcome<Detail> patch(Actor actor, DeviceId id, Patch patch) {
        return write(id, (transaction, device) -> acts.patch(transaction, actor, device, patch));
    }

    /** Done also when it is suspended already. */
    public Outcome<Detail> suspend(Actor actor, DeviceId id) {
        return write(id, (transaction, device) -> acts.suspend(transaction, actor, device));
    }

    /** Done also when it is active already. */
    public Outcome<Detail> resume(Actor actor, DeviceId id) {
        return write(id, (transaction, device) -> acts.resume(transaction, actor, device));
    }

    /** After a revocation: the key that the device has may enroll once more. Done also when it may already. */
    public Outcome<Detail> reinstate(Actor actor, DeviceId id) {
        return write(id, (transaction, device) -> acts.reinstate(transaction, actor, device));
    }

    /** Final: the id is never used again. Done also when it was done already. */
    public Outcome<Detail> decommission(Actor actor, DeviceId id) {
        return write(id, (transaction, device) -> acts.decommission(transaction, actor, device));
    }

    /** Durable when it returns; waits up to {@code wait} for the brokers to confirm. Done also when it was done already. */
    public Outcome<Enforcement> revoke(Actor actor, DeviceId id, RevocationReason reason, Duration wait) {
        return enforced(
                registry.commit(transaction -> find(transaction, id)
                        .then(device -> acts.revoke(transaction, actor, device, reason))
                        .map(Device::id)),
                wait);
    }

    /** Ends one certificate and the sessions made with it; the device is unchanged. Done also when it was done already. */
    public Outcome<Enforcement> revokeCertificate(
            Actor actor, Fingerprint certificate, RevocationReason reason, Duration wait) {
        return enforced(
                registry.commit(transaction -> transaction
                        .certificate(certificate)
                        .map(found -> acts.revokeCertificate(transaction, actor, found, reason)
                                .map(DeviceCertificate::device))
                        .orElseGet(() -> Outcome.refused(RefusalReason.UNKNOWN_CERTIFICATE))),
                wait);
    }

    /**
     * Ends one live session; the device, its certificates, its stored session and queue are unchanged, and it may connect again at once. Durable
     * when it returns; waits up to {@code wait} for the session's broker to confirm. Refused with NOT_FOUND when no broker says
     * that this session is live.
     */
    public Outcome<Enforcement> kick(Actor actor, String id, Duration wait) {
        var found = sessions.find(id);
        if (found.isEmpty()) {
            return Outcome.refused(RefusalReason.NOT_FOUND, "no broker reports a live session of this id");
        }
        var session = found.get();
        var device = DeviceId.of(session.device());
        var commit = registry.commit(transaction -> {
            transaction.kick(session.id().substring(session.broker().value().length() + 1));
            transaction.audit(
                    actor,
                    "session.kick",
                    session.device(),
                    Map.of(
                            "session", session.id(),
                            "clientId", session.clientId(),
                            "address", session.address()));
            return Outcome.done(device);
        });
        return commit.value().map(done -> enforcements.await(device, commit, bounded(wait), session.broker()::equals));
    }

    /** The device of exactly this id. */
    static Outcome<Device> find(View view, DeviceId id) {
        return view.device(id)
                .filter(device -> device.id().equals(id))
                .<Outcome<Device>>map(Outcome::done)
                .orElseGet(() -> Outcome.refused(RefusalReason.UNKNOWN_DEVICE));
    }

    private Outcome<Detail> write(DeviceId id, BiFunction<Transaction, Device, Outcome<Device>> work) {
        return registry.write(transaction -> find(transaction, id)
                .then(device -> work.apply(transaction, device))
                .map(device -> detail(transaction, device)));
    }

    private Outcome<Enforcement> enforced(Registry.Commit<Outcome<DeviceId>> commit, Duration wait) {
        return commit.value().map(device -> enforcements.await(device, commit, bounded(wait)));
    }

    private static Duration bounded(Duration wait) {
        return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    }

    private Detail detail(View view, Device device) {
        return new Detail(device, view.certificatesOf(device.id(), SHOWN_CERTIFICATES), sessions.of(device.id()));
    }
}
