package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.Fleet;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.FleetName;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.identity.policy.CompiledPolicy;
import io.gatehouse.identity.policy.Policy;
import io.gatehouse.identity.policy.PolicySubject;
import io.gatehouse.identity.policy.Rule;
import io.gatehouse.identity.policy.Topics;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Replaces a fleet's topic policy, and says which rule decides. Thread-safe. */
public final class Policies {
    /** All filters of a policy together, in characters: a fleet has to fit on one line of the feed. */
    public static final int LARGEST = 100_000;

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

    /** Whether the device may publish there at all, with the lowest QoS, retained or not. */
    public Outcome<Explanation> explainPublish(DeviceId device, String topic) {
        if (!Topics.validName(topic)) {
            return Outcome.refused(RefusalReason.BAD_REQUEST, "publish: not a topic name");
        }
        return subject(device)
                .map(known -> new Explanation(known.policy()
                        .publish(known.subject(), topic, 0, false)
                        .or(() -> known.policy().publish(known.subject(), topic, 0, true))));
    }

    /** Whether the device may have this subscription at all, with the lowest QoS. */
    public Outcome<Explanation> explainSubscribe(DeviceId device, String filter) {
        if (!Topics.validFilter(filter)) {
            return Outcome.refused(RefusalReason.BAD_REQUEST, "subscribe: not a topic filter");
        }
        return subject(device).map(known -> new Explanation(known.policy().subscribe(known.subject(), filter, 0)));
    }

    /** The rule that allows it; none means no. */
    public record Explanation(Optional<Rule> rule) {
        public boolean allowed() {
            return rule.isPresent();
        }
    }

    private record Known(CompiledPolicy policy, PolicySubject subject) {}

    private Outcome<Known> subject(DeviceId id) {
        return registry.read(view -> Devices.find(view, id).map(device -> {
            var fleet = view.fleet(device.fleet()).orElseThrow();
            return new Known(
                    CompiledPolicy.of(fleet.policy()),
                    new PolicySubject(device.id(), fleet.name(), device.attributes()));
        }));
    }

    static boolean sound(Policy policy) {
        return policy.rules().stream()
                        .flatMap(rule -> Stream.concat(rule.publish().stream(), rule.subscribe().stream()))
                        .mapToInt(String::length)
                        .sum()
                <= LARGEST;
    }

    private static String digest(Policy policy) {
        return Fingerprint.sha256(policy.toString().getBytes(StandardCharsets.UTF_8))
                .hex();
    }
}
