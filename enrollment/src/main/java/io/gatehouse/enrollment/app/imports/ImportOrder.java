package io.gatehouse.enrollment.app.imports;

import io.gatehouse.identity.FleetName;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * What is to be imported.
 *
 * @param authorities the CAs that issued the certificates; only those that issued one of the rows become known
 * @param fleet of all rows that name none themselves
 * @param rows at most {@value #MOST_ROWS}: what is imported together is one transaction, and others wait for it
 * @param dryRun only says what would come of it
 * @param partial imports what is in order although something else is not; otherwise one refused row refuses all
 * @param weak takes RSA keys from 1024 bits on and signatures with SHA-1
 */
public record ImportOrder(
        List<X509Certificate> authorities,
        Optional<FleetName> fleet,
        List<ImportRow> rows,
        boolean dryRun,
        boolean partial,
        boolean weak) {
    public static final int MOST_ROWS = 200;

    public ImportOrder {
        authorities = List.copyOf(authorities);
        rows = List.copyOf(rows);
    }
}
