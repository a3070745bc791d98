package io.gatehouse.agent.service;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * An HTTP answer.
 *
 * @param headers by name in lower case; of a repeated one the last
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares answers
record HttpAnswer(int status, Map<String, String> headers, byte[] body) {
    private static final long LONGEST_WAIT_SECONDS = Duration.ofDays(1).toSeconds();

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /** Retry-After in seconds, at most a day; a date is not understood. */
    Optional<Duration> retryAfter() {
        return header("retry-after")
                .filter(text -> text.matches("[0-9]{1,9}"))
                .map(text -> Duration.ofSeconds(Math.min(Long.parseLong(text), LONGEST_WAIT_SECONDS)));
    }
}
