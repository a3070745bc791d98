package io.gatehouse.enrollment.api;

import io.gatehouse.enrollment.app.Restorations;
import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.Witness;
import io.gatehouse.enrollment.http.Answer;
import io.gatehouse.enrollment.http.JsonBodies;
import io.gatehouse.enrollment.http.Method;
import io.gatehouse.enrollment.http.Request;
import io.gatehouse.enrollment.http.Route;
import io.gatehouse.identity.BrokerName;
import io.gatehouse.identity.RefusalReason;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code /api/v1/restoration}: what is known and what is lost after a restore. */
public final class RestorationApi {
    private final Restorations restorations;
    private final Gate gate;

    public RestorationApi(Restorations restorations, Gate gate) {
        this.restorations = restorations;
        this.gate = gate;
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/api/v1/restoration", gate.open(this::show)),
                Route.withBody(Method.POST, "/api/v1/restoration/finish", Bodies.MOST_BYTES, gate.open(this::finish)));
    }

    private record NoMembers() {}

    private Answer show(Actor actor, Request request) {
        return restorations
                .standing()
                .map(standing -> (Answer) JsonBodies.answer(200, shown(standing)))
                .orElseGet(() -> gate.refuse(RefusalReason.NOT_FOUND, "this registry was never restored"));
    }

    private Answer finish(Actor actor, Request request) {
        JsonBodies.read(request, NoMembers.class);
        return gate.answer(restorations.finish(actor), 200, RestorationApi::shown);
    }

    private static Map<String, Object> shown(Restorations.Standing standing) {
        var restoration = standing.restoration();
        var shown = new LinkedHashMap<String, Object>();
        shown.put("open", standing.open());
        shown.put("backupAt", restoration.backupAt().toString());
        shown.put("restoredAt", restoration.restoredAt().toString());
        shown.put("until", restoration.until().toString());
        shown.put("finishedAt", restoration.finishedAt().map(Instant::toString).orElse(null));
        shown.put("epoch", restoration.epoch());
        shown.put("revision", restoration.revision());
        shown.put("auditEntries", restoration.auditSeq());
        shown.put(
                "witnesses",
                standing.witnesses().stream().map(RestorationApi::shown).toList());
        shown.put("missing", standing.missing().stream().map(BrokerName::value).toList());
        shown.put("lost", lost(standing));
        return shown;
    }

    private static Map<String, Object> shown(Witness witness) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("broker", witness.broker().value());
        shown.put("revision", witness.revision());
        shown.put("finishedAt", witness.finishedAt().map(Instant::toString).orElse(null));
        shown.put("entries", witness.entries());
        shown.put("revoked", witness.revoked());
        shown.put("suspended", witness.suspended());
        shown.put("adopted", witness.adopted());
        shown.put("devices", witness.devices());
        shown.put("fleets", witness.fleets());
        shown.put("differing", witness.differing());
        return shown;
    }

    /** In sentences, for a person who has to decide what to do about it. */
    private static List<String> lost(Restorations.Standing standing) {
        var after = standing.restoration().backupAt();
        boolean heard = standing.witnesses().stream()
                .anyMatch(witness -> witness.finishedAt().isPresent());
        var always = "acts after " + after
                + " are not in the audit; policies, rules, attributes, fleet moves, broker nodes and claims are as they were then,"
                + " and open claims are cancelled";
        return heard
                ? List.of(
                        always,
                        "revocations, suspensions and new certificates after it are taken over as far as these witnesses knew them;"
                                + " keys of certificates that were issued and revoked after it are not barred")
                : List.of(
                        always,
                        "every revocation and suspension after it is undone, and certificates issued after it are unknown and refused,"
                                + " because no witness has spoken: revoke again what must be revoked");
    }
}
