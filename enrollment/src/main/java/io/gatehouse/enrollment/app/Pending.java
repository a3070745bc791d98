package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.ClaimUse;
import io.gatehouse.enrollment.app.domain.Device;
import io.gatehouse.enrollment.app.domain.Listing;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.domain.Page;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.enrollment.app.port.Transaction;
import io.gatehouse.enrollment.app.port.View;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.DeviceState;
import io.gatehouse.identity.FleetName;
import io.gatehouse.identity.RefusalReason;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;

/** The requests that wait for a person: shows, approves and rejects them. Thread-safe. */
public final class Pending {
    /** A look at the status is no walk over a million rows. */
    public static final int MOST_COUNTED = 100_000;

    private final Registry registry;
    private final InstantSource clock;

    public Pending(Registry registry, InstantSource clock) {
        this.registry = registry;
        this.clock = clock;
    }

    /** A request, and the fleet that it asks to belong to. */
    public record Request(ClaimUse use, FleetName fleet) {}

    /** How many requests wait; {@value #MOST_COUNTED} also stands for more. */
    public int count() {
        return registry.read(view -> view.pendingCount(MOST_COUNTED));
    }

    /** By id; as many as {@link EnrollByClaim#MOST_PENDING} for each claim at most. */
    public Outcome<Listing<Request>> list(Page page) {
        String after = page.after().orElse("").toLowerCase(Locale.ROOT);
        return Outcome.done(registry.read(view -> Listing.of(
                view.pending(after, page.limit() + 1).stream()
                        .map(use -> request(view, use))
                        .toList(),
                page.limit(),
                request -> request.use().device().caseFolded())));
    }

    /** The device gets its certificate when it asks again with the same key: it need not be there now. */
    public Outcome<Request> approve(Actor actor, DeviceId id) {
        return settle(actor, id, ClaimUse.State.APPROVED, DeviceState.ACTIVE, "device.approve");
    }

    /** This request gives nothing any more; a device that was new is refused until a claim is made for it alone. */
    public Outcome<Request> reject(Actor actor, DeviceId id) {
        return settle(actor, id, ClaimUse.State.REJECTED, DeviceState.REJECTED, "device.reject");
    }

    private Outcome<Request> settle(
            Actor actor, DeviceId id, ClaimUse.State use, DeviceState ofNewDevice, String action) {
        return registry.write(transaction -> waiting(transaction, id).map(waiting -> {
            var settled = waiting.withState(use);
            transaction.save(settled);
            settle(transaction, id, ofNewDevice);
            transaction.audit(
                    actor,
                    action,
                    id.value(),
                    Map.of("claim", settled.claim(), "publicKey", settled.key().hex()));
            return request(transaction, settled);
        }));
    }

    private void settle(Transaction transaction, DeviceId id, DeviceState ofNewDevice) {
        Device device = transaction.device(id).orElseThrow();
        if (device.state() != DeviceState.PENDING) {
            return;
        }
        if (ofNewDevice == DeviceState.REJECTED) {
            transaction.cancelClaimsOf(id); // made before this: what is to let it in must be made after
        }
        transaction.save(device.withState(ofNewDevice, clock.instant()));
    }

    private static Outcome<ClaimUse> waiting(View view, DeviceId id) {
        return Devices.find(view, id)
                .then(device -> view.pending(id)
                        .<Outcome<ClaimUse>>map(Outcome::done)
                        .orElseGet(() -> Outcome.refused(
                                RefusalReason.CONFLICT,
                                "nothing waits for approval: the device is " + device.shownState())));
    }

    private static Request request(View view, ClaimUse use) {
        return new Request(use, view.claim(use.claim()).orElseThrow().fleet());
    }
}
