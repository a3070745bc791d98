package io.gatehouse.enrollment.api;

import io.gatehouse.enrollment.app.AuditTrail;
import io.gatehouse.enrollment.app.Refusals;
import io.gatehouse.enrollment.app.Sessions;
import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.AuditEntry;
import io.gatehouse.enrollment.app.domain.Refusal;
import io.gatehouse.enrollment.audit.AuditExport;
import io.gatehouse.enrollment.http.Answer;
import io.gatehouse.enrollment.http.Header;
import io.gatehouse.enrollment.http.JsonBodies;
import io.gatehouse.enrollment.http.Method;
import io.gatehouse.enrollment.http.Request;
import io.gatehouse.enrollment.http.Route;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code /api/v1/sessions}, {@code refusals}, {@code audit}: what happened and what is there now. */
public final class EvidenceApi {
    private static final int BYTES_AT_ONCE = 64 * 1024;

    private final Sessions sessions;
    private final Refusals refusals;
    private final AuditTrail audit;
    private final AuditExport export;
    private final Gate gate;

    public EvidenceApi(Sessions sessions, Refusals refusals, AuditTrail audit, AuditExport export, Gate gate) {
        this.sessions = sessions;
        this.refusals = refusals;
        this.audit = audit;
        this.export = export;
        this.gate = gate;
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/api/v1/sessions", gate.open(this::sessions)),
                Route.get(
                        "/api/v1/refusals",
                        gate.open((actor, request) ->
                                gate.list(refusals.list(Inputs.page(request)), EvidenceApi::refusal))),
                Route.get(
                        "/api/v1/audit",
                        gate.open((actor, request) -> gate.list(audit.list(Inputs.page(request)), EvidenceApi::entry))),
                Route.get("/api/v1/audit/export", gate.open(this::export)),
                Route.withBody(Method.POST, "/api/v1/audit/verify", Bodies.MOST_BYTES, gate.open(this::verify)));
    }

    private record NoMembers() {}

    private Answer sessions(Actor actor, Request request) {
        var page = Inputs.page(request, "device");
        var device = request.query("device").map(text -> Inputs.device("device", text));
        return gate.list(sessions.list(device, page), DeviceJson::session);
    }

    private Answer export(Actor actor, Request request) {
        return new Answer.Streamed(
                200,
                List.of(new Header("Content-Type", "application/x-ndjson"), new Header("Cache-Control", "no-store")),
                sink -> {
                    var out = new BufferedOutputStream(sinkStream(sink), BYTES_AT_ONCE);
                    export.write(out::write);
                    out.flush();
                });
    }

    private static OutputStream sinkStream(Answer.Sink sink) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                sink.write(new byte[] {(byte) b});
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                sink.write(bytes, offset, length);
            }
        };
    }

    private Answer verify(Actor actor, Request request) {
        JsonBodies.read(request, NoMembers.class);
        var verification = audit.verify();
        var shown = new LinkedHashMap<String, Object>();
        shown.put("intact", verification.holds());
        shown.put("entries", verification.entries());
        shown.put("head", verification.head().hex());
        shown.put("checkpoints", verification.checkpoints());
        shown.put("vouchedFor", verification.vouchedFor());
        shown.put("brokenAt", verification.brokenAt().orElse(null));
        shown.put("problem", verification.problem().orElse(null));
        return JsonBodies.answer(200, shown);
    }

    private static Map<String, Object> refusal(Refusal refusal) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("at", refusal.at().toString());
        shown.put("where", refusal.where());
        shown.put("reason", refusal.reason().word());
        shown.put("clientId", refusal.clientId().orElse(null));
        shown.put("device", refusal.device().orElse(null));
        shown.put("certificate", refusal.certificate().orElse(null));
        shown.put("address", refusal.address());
        return shown;
    }

    private static Map<String, Object> entry(AuditEntry entry) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("seq", entry.seq());
        shown.put("time", entry.time().toString());
        shown.put("actor", entry.actor());
        shown.put("action", entry.action());
        shown.put("subject", entry.subject());
        shown.put("detail", JsonBodies.stored(entry.detail()));
        shown.put("previous", entry.previous().hex());
        shown.put("hash", entry.hash().hex());
        return shown;
    }
}
