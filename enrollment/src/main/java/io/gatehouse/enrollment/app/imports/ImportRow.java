package io.gatehouse.enrollment.app.imports;

import java.util.Map;
import java.util.Optional;

/**
 * One device of an import, as it was written: nothing of it is checked yet.
 *
 * @param fleet when it is not that of the whole import
 * @param certificate one certificate in PEM, or its DER in base64
 */
public record ImportRow(String device, Optional<String> fleet, Map<String, String> attributes, String certificate) {
    public ImportRow {
        attributes = Map.copyOf(attributes);
    }
}
