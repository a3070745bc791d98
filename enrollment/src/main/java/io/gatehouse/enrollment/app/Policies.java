package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.Device;
import io.gatehouse.enrollment.app.domain.Fleet;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.FleetName;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.identity.policy.Explanation;
import io.gatehouse.identity.policy.Policy;
import io.gatehouse.identity.policy.PolicySubject;
import io.gatehouse.identity.policy.Topics;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** Replaces a fleet's topic policy, and says which rule decides. Thread-safe. */
public final class Policies {
    private final Registry registry;

    public Policies(Registry registry) {
        this.registry = registry;
    }

    /** With {@code ifVersion}, only when the fleet still has that version; else CONFLICT. */
    public Outcome<Fleet> put(Actor actor, FleetName fleet, Policy policy, Optional<Long> ifVersion) {
        return registry.write(transaction -> Fleets.find(transaction, fleet).then(before -> {
            if (!ifVersion.map(version -> version == before.version()).orElse(true)) {
                return Outcome.refused(RefusalReason.CONFLICT, "the fleet has been changed in the meantime");
            }
            return Fleets.sound(before.withPolicy(policy)).map(changed -> {
                transaction.save(changed);
                transaction.audit(
                        actor,
                        "policy.set",
                        fleet.value(),
                        Map.of(
                                "rules", policy.rules().size(),
                                "version", changed.version(),
                                "sha256", digest(policy)));
                return changed;
            });
        }));
    }

    /** Whether the device, in whatever state, may publish there; without {@code retain}, retained or not. */
    public Outcome<Explained> explainPublish(DeviceId device, String topic, int qos, Optional<Boolean> retain) {
        if (!Topics.validName(topic)) {
            return Outcome.refused(RefusalReason.BAD_REQUEST, "publish: not a topic name");
        }
        return explain(device, (policy, subject) -> Explanation.ofPublish(policy, subject, topic, qos, retain));
    }

    /** Whether the device, in whatever state, may have this subscription. */
    public Outcome<Explained> explainSubscribe(DeviceId device, String filter, int qos) {
        if (!Topics.validFilter(filter)) {
            return Outcome.refused(RefusalReason.BAD_REQUEST, "subscribe: not a topic filter");
        }
        return explain(device, (policy, subject) -> Explanation.ofSubscribe(policy, subject, filter, qos));
    }

    /** The explanation, and of what: all as they were at one moment. */
    public record Explained(Device device, Fleet fleet, Explanation explanation) {}

    private Outcome<Explained> explain(DeviceId id, BiFunction<Policy, PolicySubject, Explanation> question) {
        return registry.read(view -> Devices.find(view, id).map(device -> {
            var fleet = view.fleet(device.fleet()).orElseThrow();
            var subject = new PolicySubject(device.id(), fleet.name(), device.attributes());
            return new Explained(device, fleet, question.apply(fleet.policy(), subject));
        }));
    }

    static boolean sound(Policy policy) {
        return policy.characters() <= Policy.MAX_CHARACTERS;
    }

    private static String digest(Policy policy) {
        return Fingerprint.sha256(policy.toString().getBytes(StandardCharsets.UTF_8))
                .hex();
    }
}
