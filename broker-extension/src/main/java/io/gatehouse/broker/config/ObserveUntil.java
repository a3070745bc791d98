package io.gatehouse.broker.config;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import org.w3c.dom.Element;

/** The end of observing: a date (its first moment, in UTC) or a time. Not far away, because until then nobody is refused. */
final class ObserveUntil {
    static final Duration MOST = Duration.ofDays(30);
    static final String ALLOWED = "a date such as 2026-12-01 or a time such as 2026-12-01T08:00:00Z, at most "
            + MOST.toDays() + " days ahead";

    private ObserveUntil() {}

    /** A time that has passed is no error: the broker started again after observing had ended. */
    static Instant parse(Path file, Element element, InstantSource clock) throws UnsafeConfigurationException {
        String text = XmlFile.text(element);
        try {
            var end = text.length() == "2026-12-01".length()
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : Instant.parse(text);
            if (!end.isAfter(clock.instant().plus(MOST))) {
                return end;
            }
        } catch (DateTimeParseException e) {
            // Said below.
        }
        throw new UnsafeConfigurationException(file, "<" + element.getTagName() + ">", "\"" + text + "\"", ALLOWED);
    }
}
