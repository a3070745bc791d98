package io.gatehouse.enrollment.api;

import io.gatehouse.enrollment.app.Devices;
import io.gatehouse.enrollment.app.domain.Device;
import io.gatehouse.enrollment.app.domain.DeviceCertificate;
import io.gatehouse.enrollment.app.domain.Session;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.RevocationReason;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Devices, certificates and sessions as this API shows them. */
final class DeviceJson {
    private DeviceJson() {}

    static Map<String, Object> device(Device device) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("id", device.id().value());
        shown.put("fleet", device.fleet().value());
        shown.put("state", device.shownState());
        shown.put("attributes", device.attributes());
        shown.put("createdAt", device.createdAt().toString());
        shown.put("updatedAt", device.updatedAt().toString());
        return shown;
    }

    static Map<String, Object> detail(Devices.Detail detail) {
        var shown = device(detail.device());
        shown.put(
                "revokedAt", detail.device().revokedAt().map(Instant::toString).orElse(null));
        shown.put(
                "certificates",
                detail.certificates().stream().map(DeviceJson::certificate).toList());
        shown.put(
                "sessions", detail.sessions().stream().map(DeviceJson::session).toList());
        return shown;
    }

    static Map<String, Object> certificate(DeviceCertificate certificate) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("sha256", certificate.sha256().hex());
        shown.put("serial", certificate.adopted() ? null : certificate.serialHex());
        shown.put("issuer", certificate.adopted() ? null : certificate.issuer());
        shown.put("state", certificate.shownState().word());
        shown.put(
                "reason", certificate.reason().map(RevocationReason::camelCase).orElse(null));
        shown.put("since", certificate.since().map(Instant::toString).orElse(null));
        shown.put("notBefore", certificate.notBefore().toString());
        shown.put("notAfter", certificate.notAfter().toString());
        shown.put("issuedAt", certificate.issuedAt().toString());
        shown.put("publicKey", certificate.adopted() ? null : certificate.key().hex());
        shown.put("proof", certificate.proof().word());
        shown.put(
                "importedFrom", certificate.importedFrom().map(Fingerprint::hex).orElse(null));
        return shown;
    }

    static Map<String, Object> session(Session session) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("id", session.id());
        shown.put("broker", session.broker().value());
        shown.put("clientId", session.clientId());
        shown.put("device", session.device());
        shown.put("certificate", session.certificate().orElse(null));
        shown.put("address", session.address());
        shown.put("listener", session.listener());
        shown.put("tls", session.tls());
        shown.put("since", session.since().toString());
        return shown;
    }
}
