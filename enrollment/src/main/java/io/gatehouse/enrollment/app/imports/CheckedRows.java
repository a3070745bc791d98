package io.gatehouse.enrollment.app.imports;

import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.FleetName;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.identity.policy.Attributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checks the rows of an import by themselves and against each other. For one thread. */
final class CheckedRows {
    private final ImportOrder order;
    private final ForeignAuthorities authorities;
    private final Instant now;
    private final Map<String, Integer> devices = new HashMap<>();
    private final Map<Fingerprint, Integer> keys = new HashMap<>();

    CheckedRows(ImportOrder order, ForeignAuthorities authorities, Instant now) {
        this.order = order;
        this.authorities = authorities;
        this.now = now;
    }

    List<CheckedRow> all() {
        var checked = new ArrayList<CheckedRow>();
        for (int i = 0; i < order.rows().size(); i++) {
            checked.add(check(i, order.rows().get(i)));
        }
        return checked;
    }

    private CheckedRow check(int index, ImportRow row) {
        var device = DeviceId.parse(row.device());
        var fleet = row.fleet().map(FleetName::parse).orElse(order.fleet());
        var certificate = ForeignCertificate.read(row.certificate());
        var issued = certificate.map(read -> read.issued(authorities, order.weak(), now));
        var flaw = named(row, device, fleet)
                .or(() -> certificate.isPresent() ? Optional.empty() : unreadable(row))
                .or(() -> twice(index, device.orElseThrow(), certificate.orElseThrow()))
                .or(() -> issued.flatMap(ForeignCertificate.Issued::flaw));
        return new CheckedRow(
                index,
                device,
                fleet,
                row.attributes(),
                certificate,
                issued.flatMap(ForeignCertificate.Issued::by),
                flaw);
    }

    private static Optional<Flaw> named(ImportRow row, Optional<DeviceId> device, Optional<FleetName> fleet) {
        if (device.isEmpty()) {
            return Optional.of(
                    new Flaw("device", row.device(), RefusalReason.BAD_REQUEST, "a device id is " + DeviceId.RULE));
        }
        if (fleet.isEmpty()) {
            return Optional.of(new Flaw(
                    "fleet",
                    row.fleet().orElse(""),
                    RefusalReason.BAD_REQUEST,
                    "a fleet is needed: " + FleetName.RULE));
        }
        return Attributes.valid(row.attributes())
                ? Optional.empty()
                : Optional.of(new Flaw(
                        "attributes",
                        row.attributes().toString(),
                        RefusalReason.BAD_REQUEST,
                        "at most " + Attributes.MAX_COUNT + ", names " + Attributes.NAME_RULE + ", values "
                                + Attributes.VALUE_RULE));
    }

    private static Optional<Flaw> unreadable(ImportRow row) {
        return Optional.of(Flaw.certificate(
                row.certificate().length() + " characters", // not the text: it may be a key by mistake
                RefusalReason.BAD_CERTIFICATE,
                "not one X.509 certificate of at most " + ForeignCertificate.LARGEST
                        + " bytes, in PEM or as base64 of its DER"));
    }

    private Optional<Flaw> twice(int index, DeviceId device, ForeignCertificate certificate) {
        var sameId = devices.putIfAbsent(device.caseFolded(), index);
        var sameKey = keys.putIfAbsent(certificate.key(), index);
        if (sameId != null) {
            return Optional.of(new Flaw(
                    "device",
                    device.value(),
                    RefusalReason.ALREADY_EXISTS,
                    "row " + sameId + " has this id, too (case does not count); keep one of them"));
        }
        return sameKey == null
                ? Optional.empty()
                : Optional.of(Flaw.certificate(
                        certificate.key().hex(),
                        RefusalReason.KEY_REUSED,
                        "row " + sameKey + " has this key, too; each device needs a key of its own"));
    }
}
