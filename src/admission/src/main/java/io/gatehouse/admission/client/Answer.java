package io.gatehouse.admission.client;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** An HTTP answer; header names in lower case. The body has to be read to its end before the connection's next exchange. */
record Answer(int status, Map<String, String> headers, InputStream body) {
    private static final int MOST_SKIPPED = 64 * 1024;

    Answer {
        headers = Map.copyOf(headers);
    }

    /** The word of a refusal, cleaned for a log line; else the status alone. */
    String problem() {
        String word = headers.getOrDefault("gatehouse-reason", "");
        return "the service answered " + status + (word.matches("[a-z-]{1,40}") ? " " + word : "");
    }

    /** Reads the rest of a short body; false when the connection is not fit for another exchange. */
    boolean finish() throws IOException {
        body.readNBytes(MOST_SKIPPED);
        return body.read() < 0 && !"close".equalsIgnoreCase(headers.get("connection"));
    }
}
