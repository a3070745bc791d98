package io.gatehouse.enrollment.api;

import static io.gatehouse.enrollment.api.Inputs.bad;
import static io.gatehouse.enrollment.api.Inputs.optional;
import static io.gatehouse.enrollment.api.Inputs.required;

import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.imports.ImportDevices;
import io.gatehouse.enrollment.app.imports.ImportOrder;
import io.gatehouse.enrollment.app.imports.ImportResult;
import io.gatehouse.enrollment.app.imports.ImportRow;
import io.gatehouse.enrollment.http.Answer;
import io.gatehouse.enrollment.http.JsonBodies;
import io.gatehouse.enrollment.http.Method;
import io.gatehouse.enrollment.http.Request;
import io.gatehouse.enrollment.http.Route;
import io.gatehouse.x509.Pem;
import io.gatehouse.x509.der.MalformedException;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/imports}: devices that have a certificate of another authority, some at a time. */
public final class ImportsApi {
    /** Less than a line of the feed may hold, with what the service adds to each device. */
    private static final int MOST_BYTES = 512 * 1024;

    private final ImportDevices devices;
    private final Gate gate;

    public ImportsApi(ImportDevices devices, Gate gate) {
        this.devices = devices;
        this.gate = gate;
    }

    public List<Route> routes() {
        return List.of(Route.withBody(Method.POST, "/api/v1/imports", MOST_BYTES, gate.open(this::take)));
    }

    private record Order(
            @Nullable String authority,
            @Nullable String fleet,
            @Nullable List<@Nullable Row> devices,
            @Nullable Boolean dryRun,
            @Nullable Boolean partial,
            @Nullable Boolean allowWeak) {}

    private record Row(
            @Nullable String device,
            @Nullable String fleet,
            @Nullable Map<String, @Nullable String> attributes,
            @Nullable String certificate) {}

    private Answer take(Actor actor, Request request) {
        var order = JsonBodies.read(request, Order.class);
        var rows = Optional.ofNullable(order.devices()).orElse(List.of()).stream()
                .map(ImportsApi::row)
                .toList();
        var outcome = devices.run(
                actor,
                new ImportOrder(
                        authorities(required("authority", order.authority())),
                        optional(order.fleet(), text -> Inputs.fleet("fleet", text)),
                        rows,
                        Boolean.TRUE.equals(order.dryRun()),
                        Boolean.TRUE.equals(order.partial()),
                        Boolean.TRUE.equals(order.allowWeak())));
        return gate.answer(
                outcome,
                result -> result.done() || Boolean.TRUE.equals(order.dryRun())
                        ? JsonBodies.answer(200, shown(result))
                        : nothingDone(result));
    }

    private static ImportRow row(@Nullable Row row) {
        if (row == null) {
            throw bad("devices", "each is an object");
        }
        Map<String, @Nullable String> attributes =
                row.attributes() == null ? Map.<String, @Nullable String>of() : row.attributes();
        var texts = new LinkedHashMap<String, String>();
        attributes.forEach((name, value) -> texts.put(name, required("attributes", value)));
        return new ImportRow(
                required("device", row.device()),
                Optional.ofNullable(row.fleet()),
                texts,
                required("certificate", row.certificate()));
    }

    private static List<X509Certificate> authorities(String pem) {
        try {
            return Pem.certificates(pem);
        } catch (MalformedException e) {
            throw bad("authority", "the certificate of the CA in PEM, or of several: " + e.getMessage());
        }
    }

    /** A problem (RFC 9457) that also says what is wrong with each row. */
    private static Answer nothingDone(ImportResult result) {
        var first = result.refused().get(0);
        var members = new LinkedHashMap<String, Object>();
        members.put("type", "about:blank");
        members.put("title", "nothing was imported");
        members.put("status", 422);
        members.put(
                "detail",
                result.refused().size() + " of the devices are refused, so none was imported; row " + first.row() + ": "
                        + first.detail());
        members.put("reason", first.reason().word());
        members.putAll(shown(result));
        return JsonBodies.answer(422, "application/problem+json", members).because(first.reason());
    }

    private static Map<String, Object> shown(ImportResult result) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("done", result.done());
        shown.put("imported", result.imported());
        shown.put("unchanged", result.unchanged());
        shown.put("refused", result.refused().stream().map(ImportsApi::shown).toList());
        return shown;
    }

    private static Map<String, Object> shown(ImportResult.Row row) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("row", row.row());
        shown.put("device", row.device());
        shown.put("member", row.member());
        shown.put("value", row.value());
        shown.put("reason", row.reason().word());
        shown.put("detail", row.detail());
        return shown;
    }
}
