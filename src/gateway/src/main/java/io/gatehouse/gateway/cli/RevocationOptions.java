package io.gatehouse.gateway.cli;

import io.gatehouse.identity.RevocationReason;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Why something is revoked, and how long to wait for the brokers. */
final class RevocationOptions {
    @Option(
            names = "--reason",
            paramLabel = "REASON",
            converter = ReasonWord.class,
            description = "unspecified (default), key-compromise, ca-compromise, affiliation-changed, superseded,"
                    + " cessation-of-operation, privilege-withdrawn")
    private Optional<RevocationReason> reason = Optional.empty();

    @Option(
            names = "--wait",
            paramLabel = "MILLIS",
            description = "how long to wait for the brokers to close its sessions (default: 2000)")
    private Optional<Integer> waitMillis = Optional.empty();

    Map<String, Object> body() {
        Map<String, Object> body = new LinkedHashMap<>();
        reason.ifPresent(given -> body.put("reason", given.camelCase()));
        waitMillis.ifPresent(millis -> body.put("waitMillis", millis));
        return body;
    }

    static final class ReasonWord implements ITypeConverter<RevocationReason> {
        @Override
        public RevocationReason convert(String text) {
            return RevocationReason.parse(text)
                    .orElseThrow(() -> new TypeConversionException("no such reason; there are "
                            + Arrays.stream(RevocationReason.values())
                                    .map(RevocationReason::kebabCase)
                                    .collect(Collectors.joining(", "))));
        }
    }
}
