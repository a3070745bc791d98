package io.gatehouse.enrollment.app.imports;

import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.FleetName;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Optional;

/** A row after all that can be said of it without the registry; without a flaw every other member is there. */
record CheckedRow(
        int row,
        Optional<DeviceId> device,
        Optional<FleetName> fleet,
        Map<String, String> attributes,
        Optional<ForeignCertificate> certificate,
        Optional<X509Certificate> authority,
        Optional<Flaw> flaw) {}
