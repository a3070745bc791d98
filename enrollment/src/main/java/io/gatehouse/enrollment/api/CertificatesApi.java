package io.gatehouse.enrollment.api;

import static io.gatehouse.enrollment.api.Inputs.bad;

import io.gatehouse.enrollment.app.CertificateLists;
import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.DeviceCertificate;
import io.gatehouse.enrollment.http.Answer;
import io.gatehouse.enrollment.http.Request;
import io.gatehouse.enrollment.http.Route;
import io.gatehouse.x509.Pem;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/** {@code /api/v1/certificates}: those of devices. */
public final class CertificatesApi {
    private static final String CERTIFICATES = "/api/v1/certificates";

    private final CertificateLists certificates;
    private final Gate gate;

    public CertificatesApi(CertificateLists certificates, Gate gate) {
        this.certificates = certificates;
        this.gate = gate;
    }

    public List<Route> routes() {
        return List.of(
                Route.get(CERTIFICATES, gate.open(this::list)),
                Route.get(CERTIFICATES + "/{sha256}", gate.open(this::show)));
    }

    private Answer list(Actor actor, Request request) {
        var page = Inputs.page(request, "device", "serial");
        return gate.list(
                certificates.list(
                        request.query("device").map(text -> Inputs.device("device", text)),
                        request.query("serial").map(CertificatesApi::serial),
                        page.after().map(text -> Inputs.fingerprint("after", text)),
                        page.limit()),
                CertificatesApi::shown);
    }

    private Answer show(Actor actor, Request request) {
        var sha256 = Inputs.fingerprint("the fingerprint", request.variable("sha256"));
        return gate.answer(certificates.get(sha256), 200, detail -> {
            var shown = shown(detail.certificate());
            shown.put("pem", Pem.write(Pem.CERTIFICATE, detail.der()));
            return shown;
        });
    }

    private static Map<String, Object> shown(DeviceCertificate certificate) {
        var shown = DeviceJson.certificate(certificate);
        shown.put("device", certificate.device().value());
        return shown;
    }

    private static BigInteger serial(String hex) {
        if (!hex.matches("[0-9a-f]{1,40}")) {
            throw bad("serial", "1 to 40 lower-case hexadecimal digits");
        }
        return new BigInteger(hex, 16);
    }
}
