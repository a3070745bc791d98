package io.gatehouse.enrollment.api;

import static io.gatehouse.enrollment.api.Inputs.bad;
import static io.gatehouse.enrollment.api.Inputs.optional;

import io.gatehouse.enrollment.app.Claims;
import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.AllowedIds;
import io.gatehouse.enrollment.app.domain.Claim;
import io.gatehouse.enrollment.http.Answer;
import io.gatehouse.enrollment.http.JsonBodies;
import io.gatehouse.enrollment.http.Method;
import io.gatehouse.enrollment.http.Request;
import io.gatehouse.enrollment.http.Route;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import java.net.URI;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/claims}. A secret is in the answer that makes the claim, and nowhere else. */
public final class ClaimsApi {
    private static final String CLAIMS = "/api/v1/claims";

    private final Claims claims;
    private final Gate gate;
    private final URI enrollUrl;
    private final Fingerprint servicesRoot;
    private final InstantSource clock;

    /**
     * @param enrollUrl where devices enroll, for the command that is shown
     * @param servicesRoot what devices pin, for the command that is shown
     */
    public ClaimsApi(Claims claims, Gate gate, URI enrollUrl, Fingerprint servicesRoot, InstantSource clock) {
        this.claims = claims;
        this.gate = gate;
        this.enrollUrl = enrollUrl;
        this.servicesRoot = servicesRoot;
        this.clock = clock;
    }

    public List<Route> routes() {
        return List.of(
                Route.withBody(Method.POST, CLAIMS, Bodies.MOST_BYTES, gate.open(this::create)),
                Route.get(CLAIMS, gate.open(this::list)),
                Route.withBody(Method.DELETE, CLAIMS + "/{claim}", Bodies.MOST_BYTES, gate.open(this::cancel)));
    }

    private record NoMembers() {}

    private record NewClaim(
            @Nullable String fleet,
            @Nullable String device,
            @Nullable Integer uses,
            @Nullable String ttl,
            @Nullable String publicKey,
            @Nullable List<String> allowedIds,
            @Nullable Boolean approval,
            @Nullable String secretSha256) {}

    private Answer create(Actor actor, Request request) {
        var body = JsonBodies.read(request, NewClaim.class);
        var wanted = new Claims.NewClaim(
                Inputs.fleet("fleet", body.fleet()),
                optional(body.device(), text -> Inputs.device("device", text)),
                Optional.ofNullable(body.uses()),
                Optional.ofNullable(body.allowedIds()).map(ClaimsApi::allowedIds),
                Boolean.TRUE.equals(body.approval()),
                optional(body.ttl(), text -> Inputs.duration("ttl", text)),
                optional(body.publicKey(), text -> Inputs.fingerprint("publicKey", text)),
                optional(body.secretSha256(), text -> Inputs.fingerprint("secretSha256", text)));
        return gate.answer(claims.create(actor, wanted), 201, this::created);
    }

    private static AllowedIds allowedIds(List<String> patterns) {
        return AllowedIds.parse(patterns).orElseThrow(() -> bad("allowedIds", AllowedIds.RULE));
    }

    private Answer list(Actor actor, Request request) {
        var page = Inputs.page(request, "fleet", "device");
        var fleet = request.query("fleet").map(text -> Inputs.fleet("fleet", text));
        var device = request.query("device").map(text -> Inputs.device("device", text));
        return gate.list(claims.list(fleet, device, page), this::shown);
    }

    private Answer cancel(Actor actor, Request request) {
        JsonBodies.read(request, NoMembers.class);
        return gate.answer(claims.cancel(actor, request.variable("claim")), 200, this::shown);
    }

    private Map<String, Object> created(Claims.Created created) {
        var shown = shown(created.claim());
        created.secret().ifPresent(secret -> shown.put("secret", secret));
        shown.put("command", command(created.claim()));
        return shown;
    }

    /**
     * What to type on the device; with a fleet's claim the id is the device's own. It reads the secret from its standard input: an argument would be seen by everybody there.
     */
    private String command(Claim claim) {
        return "gatehouse-agent enroll --url " + enrollUrl + " --ca-fingerprint sha256:" + servicesRoot.hex()
                + " --fleet " + claim.fleet() + " --device "
                + claim.device().map(DeviceId::value).orElse("\"$DEVICE\"") + " --claim-file -";
    }

    private Map<String, Object> shown(Claim claim) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("id", claim.id());
        shown.put("fleet", claim.fleet().value());
        shown.put("device", claim.device().map(DeviceId::value).orElse(null));
        shown.put("allowedIds", claim.allowedIds().map(AllowedIds::patterns).orElse(null));
        shown.put("uses", claim.uses());
        shown.put("used", claim.used());
        shown.put("approval", claim.approval());
        shown.put("state", claim.state(clock.instant()));
        shown.put("createdAt", claim.createdAt().toString());
        shown.put("expires", claim.expiresAt().toString());
        shown.put("publicKey", claim.publicKey().map(Fingerprint::hex).orElse(null));
        shown.put("certificate", claim.certificate().map(Fingerprint::hex).orElse(null));
        return shown;
    }
}
