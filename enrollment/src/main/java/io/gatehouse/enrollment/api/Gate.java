package io.gatehouse.enrollment.api;

import io.gatehouse.enrollment.app.Refusals;
import io.gatehouse.enrollment.app.Tokens;
import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.Listing;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.domain.Refusal;
import io.gatehouse.enrollment.http.Answer;
import io.gatehouse.enrollment.http.Endpoint;
import io.gatehouse.enrollment.http.JsonBodies;
import io.gatehouse.enrollment.http.Request;
import io.gatehouse.identity.RefusalReason;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.function.Function;

/** Asks for the bearer token before anything else is looked at, and turns outcomes into answers. Thread-safe. */
public final class Gate {
    private static final String SCHEME = "bearer ";
    private static final int LONGEST_TOKEN = 512;

    private final Tokens tokens;
    private final Problems problems;
    private final Refusals refusals;
    private final InstantSource clock;

    public Gate(Tokens tokens, Problems problems, Refusals refusals, InstantSource clock) {
        this.tokens = tokens;
        this.problems = problems;
        this.refusals = refusals;
        this.clock = clock;
    }

    /** What an administrator asks for. */
    @FunctionalInterface
    public interface Handler {
        Answer answer(Actor actor, Request request);
    }

    public Endpoint open(Handler handler) {
        return request -> {
            var outcome = actor(request);
            if (outcome instanceof Outcome.Refused<Actor> refused) {
                note(request, refused.reason());
                return problems.refuse(refused.reason(), refused.detail());
            }
            var answer = handler.answer(((Outcome.Done<Actor>) outcome).value(), request);
            return answer instanceof Answer.Whole whole ? whole.with("Cache-Control", "no-store") : answer;
        };
    }

    private Outcome<Actor> actor(Request request) {
        var header = request.header("Authorization").orElse("");
        boolean bearer = header.length() <= LONGEST_TOKEN && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
        return bearer
                ? tokens.authenticate(
                        header.substring(SCHEME.length()).strip(),
                        request.peer().loopback())
                : Outcome.refused(RefusalReason.NOT_AUTHENTICATED);
    }

    private void note(Request request, RefusalReason reason) {
        refusals.add(new Refusal(
                clock.instant(),
                "api",
                reason,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                request.peer().host()));
    }

    <T> Answer answer(Outcome<T> outcome, int status, Function<? super T, ?> shown) {
        return answer(outcome, value -> JsonBodies.answer(status, shown.apply(value)));
    }

    <T> Answer answer(Outcome<T> outcome, Function<? super T, Answer> done) {
        if (outcome instanceof Outcome.Refused<T> refused) {
            return problems.refuse(refused.reason(), refused.detail());
        }
        return done.apply(((Outcome.Done<T>) outcome).value());
    }

    <T> Answer list(Outcome<Listing<T>> outcome, Function<? super T, ?> shown) {
        return answer(outcome, 200, listing -> {
            var members = new LinkedHashMap<String, Object>();
            members.put("items", listing.items().stream().map(shown).toList());
            members.put("next", listing.next().orElse(null));
            return members;
        });
    }

    Answer refuse(RefusalReason reason, String detail) {
        return problems.refuse(reason, detail);
    }

    Answer refuse(int status, RefusalReason reason, String detail) {
        return problems.refuse(status, reason, detail);
    }
}
