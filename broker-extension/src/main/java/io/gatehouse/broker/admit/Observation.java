package io.gatehouse.broker.admit;

import com.hivemq.extension.sdk.api.client.ClientContext;
import com.hivemq.extension.sdk.api.parameter.ClientBasedInput;
import io.gatehouse.admission.decision.ConnectRequest;
import io.gatehouse.admission.decision.Decision;
import io.gatehouse.broker.sessions.LiveSession;
import io.gatehouse.identity.RefusalReason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Who is connected by governed listeners while we only observe, so that all of them are decided when that ends. Thread-safe. */
public final class Observation {
    /** A connection that we have decided nothing about. */
    record Observed(
            String id,
            ConnectRequest request,
            Optional<RefusalReason> wrong,
            LiveSession.Origin origin,
            LiveSession.Handle handle) {}

    private final Readiness readiness;
    private final Map<String, Observed> connected = new ConcurrentHashMap<>();
    /** Who is becoming a session at this moment, and whether the connection has ended since. */
    private final Map<String, Boolean> adopting = new ConcurrentHashMap<>();

    public Observation(Readiness readiness) {
        this.readiness = readiness;
    }

    /** What a decision that binds would be: the reason of a refusal, or nothing. */
    Optional<RefusalReason> judge(ClientBasedInput input, ConnectRequest request) {
        if (readiness.state() instanceof Readiness.Closed closed) {
            return Optional.of(closed.reason());
        }
        var open = (Readiness.Open) readiness.state();
        var decision = open.admission().decide(request, open.directory());
        if (decision instanceof Decision.Refuse refuse) {
            return Optional.of(refuse.reason());
        }
        return misnamed(input, decision);
    }

    Observed begin(String id, ClientBasedInput input, ClientContext context, ConnectRequest request) {
        var observed = new Observed(
                id,
                request,
                wrong(input, request),
                Connections.origin(input, request.now()),
                new LiveSession.Handle(context, Cut.of(input)));
        connected.put(id, observed);
        return observed;
    }

    /** What stays wrong with the connection whatever the directory says later. */
    private Optional<RefusalReason> wrong(ClientBasedInput input, ConnectRequest request) {
        return readiness.state() instanceof Readiness.Open open
                ? misnamed(input, open.admission().decide(request, open.directory()))
                : Optional.empty();
    }

    private static Optional<RefusalReason> misnamed(ClientBasedInput input, Decision decision) {
        return decision instanceof Decision.Admit admit && Connections.namesAnother(input, admit.device())
                ? Optional.of(RefusalReason.NAME_MISMATCH)
                : Optional.empty();
    }

    /** The connection is to become a session; true for one caller only, who says when it is one. */
    boolean adopt(String id) {
        boolean[] here = new boolean[1];
        connected.computeIfPresent(id, (same, observed) -> {
            adopting.put(id, false);
            here[0] = true;
            return null;
        });
        return here[0];
    }

    /** It is a session; true when the connection ended before anybody could find that. */
    boolean adopted(String id) {
        return Boolean.TRUE.equals(adopting.remove(id));
    }

    /** The connection has ended; true when it was only observed. */
    boolean end(String id) {
        boolean observed = connected.remove(id) != null;
        if (!observed) {
            adopting.computeIfPresent(id, (same, gone) -> true);
        }
        return observed;
    }

    List<Observed> all() {
        return List.copyOf(connected.values());
    }

    public int size() {
        return connected.size();
    }
}
