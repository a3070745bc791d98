package io.gatehouse.gateway.fleetimport;

import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Optional;

/**
 * One device as a file has it.
 *
 * @param place for people: the file, and the line in it when there are several
 * @param device as it was written; empty when it follows from the certificate
 * @param certificate absent when there is a fault
 * @param fault what cannot even be read
 */
public record SourceRow(
        String place,
        Optional<String> device,
        Optional<String> fleet,
        Map<String, String> attributes,
        Optional<X509Certificate> certificate,
        Optional<RowFault> fault) {

    SourceRow withDevice(String id) {
        return new SourceRow(place, Optional.of(id), fleet, attributes, certificate, fault);
    }

    SourceRow faulty(RowFault what) {
        return new SourceRow(place, device, fleet, attributes, certificate, Optional.of(what));
    }
}
