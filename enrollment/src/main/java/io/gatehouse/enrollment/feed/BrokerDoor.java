package io.gatehouse.enrollment.feed;

import io.gatehouse.enrollment.app.Brokers;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.est.DeviceAnswers;
import io.gatehouse.enrollment.http.Answer;
import io.gatehouse.enrollment.http.Endpoint;
import io.gatehouse.enrollment.http.Request;
import io.gatehouse.identity.BrokerName;
import io.gatehouse.identity.RefusalReason;
import java.util.Optional;
import java.util.function.BiFunction;

/** Lets registered brokers in, by exactly the certificate that they registered, and nobody else. Thread-safe. */
public final class BrokerDoor {
    private final Brokers brokers;
    private final DeviceAnswers answers;

    public BrokerDoor(Brokers brokers, DeviceAnswers answers) {
        this.brokers = brokers;
        this.answers = answers;
    }

    /** An endpoint that is asked only for a registered broker. */
    Endpoint guarding(BiFunction<BrokerName, Request, Answer> endpoint) {
        return request -> {
            var outcome = brokers.identify(request.peer().certificates());
            if (outcome instanceof Outcome.Refused<BrokerName> refused) {
                return answers.refuseBroker(request, refused.reason(), refused.detail());
            }
            return endpoint.apply(((Outcome.Done<BrokerName>) outcome).value(), request);
        };
    }

    /** The refusal of a peer that would not be let in any more, noted as at the door. */
    Optional<Answer> refusal(Request request) {
        return brokers.identify(request.peer().certificates()) instanceof Outcome.Refused<BrokerName> refused
                ? Optional.of(answers.refuseBroker(request, refused.reason(), refused.detail()))
                : Optional.empty();
    }

    /** Whether the peer would still be let in: it may have been removed, or its certificate may have ended. */
    boolean stillOpen(Request request) {
        return brokers.identify(request.peer().certificates()) instanceof Outcome.Done;
    }

    Answer.Whole refuse(Request request, RefusalReason reason, String detail) {
        return answers.refuse(request, Optional.empty(), reason, detail);
    }
}
