package io.gatehouse.admission.client;

import java.net.ConnectException;
import java.net.SocketTimeoutException;
import javax.net.ssl.SSLException;

/** One line for the operator about what went wrong with the service. */
final class Problems {
    private static final int MOST = 200;

    private Problems() {}

    static String of(Throwable problem) {
        String said = String.valueOf(problem.getMessage()).replaceAll("[^\\x20-\\x7e]", "?");
        String text = said.length() > MOST ? said.substring(0, MOST) : said;
        if (problem instanceof ProtocolException) {
            return text;
        }
        if (problem instanceof SocketTimeoutException) {
            return "the service was silent for too long";
        }
        if (problem instanceof ConnectException) {
            return "the service cannot be reached: " + text;
        }
        if (problem instanceof SSLException) {
            return "no trusted connection with the service: " + text;
        }
        return problem.getClass().getSimpleName() + ": " + text;
    }
}
