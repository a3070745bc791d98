package io.gatehouse.gateway.fleetimport;

import io.gatehouse.x509.Certificates;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What only the whole of the files can show: which id a row means, and whether another row has the same id or key. For one thread. */
final class RowChecks {
    private final Optional<IdFrom> idFrom;
    private final Map<String, String> ids = new HashMap<>();
    private final Map<String, String> keys = new HashMap<>();

    RowChecks(Optional<IdFrom> idFrom) {
        this.idFrom = idFrom;
    }

    /** The row with its id, or with its fault. */
    SourceRow check(SourceRow row) {
        if (row.fault().isPresent()) {
            return row;
        }
        X509Certificate certificate = row.certificate().orElseThrow();
        Optional<String> id = row.device().or(() -> idFrom.flatMap(from -> from.of(certificate)));
        if (id.isEmpty()) {
            return row.faulty(new RowFault(
                    "device",
                    certificate.getSubjectX500Principal().getName(),
                    "bad-request",
                    idFrom.map(from -> "the certificate does not have exactly one " + from.word())
                            .orElse("no id: a column device, or --id-from")));
        }
        SourceRow named = row.withDevice(id.get());
        String sameId = ids.putIfAbsent(id.get().toLowerCase(Locale.ROOT), row.place());
        if (sameId != null) {
            return named.faulty(new RowFault(
                    "device", id.get(), "already-exists", sameId + " has this id, too (case does not count)"));
        }
        String key = Certificates.keyFingerprint(certificate.getPublicKey()).hex();
        String sameKey = keys.putIfAbsent(key, row.place());
        return sameKey == null
                ? named
                : named.faulty(new RowFault(
                        "certificate",
                        key,
                        "key-reused",
                        sameKey + " has this key, too; each device needs a key of its own"));
    }
}
