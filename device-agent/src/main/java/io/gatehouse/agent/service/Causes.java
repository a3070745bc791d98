package io.gatehouse.agent.service;

import io.gatehouse.x509.tls.WrongRoleException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import org.jspecify.annotations.Nullable;

/** Says in few words why a connection failed. */
public final class Causes {
    private Causes() {}

    /** The deepest cause that says something; one line of printable text, at most 200 characters. */
    public static String of(Throwable failure) {
        var said = failure.getClass().getSimpleName();
        var depth = 0;
        for (@Nullable Throwable cause = failure; cause != null && depth < 20; cause = cause.getCause(), depth++) {
            if (cause instanceof WrongRoleException
                    || cause instanceof CertificateExpiredException
                    || cause instanceof CertificateNotYetValidException) {
                return clean(String.valueOf(cause.getMessage()));
            }
            if (cause instanceof UnknownHostException) {
                return "its name is not known";
            }
            if (cause instanceof ConnectException) {
                return "the connection is refused";
            }
            if (cause.getMessage() != null) {
                said = cause.getMessage();
            }
        }
        return clean(said);
    }

    /** Whether the peer's certificate begins later than our clock shows: our clock is behind, unless its certificate is a mistake. */
    static boolean isOfTheFuture(Throwable failure) {
        var depth = 0;
        for (@Nullable Throwable cause = failure; cause != null && depth < 20; cause = cause.getCause(), depth++) {
            if (cause instanceof CertificateNotYetValidException) {
                return true;
            }
        }
        return false;
    }

    /** Text from outside, fit for one line of a message: at most 200 characters. */
    public static String clean(String text) {
        return printable(text.length() > 200 ? text.substring(0, 200) : text);
    }

    /** Text from outside, fit for a terminal: controls become blanks. */
    public static String printable(String text) {
        var printable = new StringBuilder(text.length());
        text.codePoints().forEach(c -> printable.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
        return printable.toString();
    }
}
