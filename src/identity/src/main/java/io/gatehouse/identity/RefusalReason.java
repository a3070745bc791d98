package io.gatehouse.identity;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Why something is refused. The word is the same in CONNACK and DISCONNECT reason strings, EST answers ({@code Gatehouse-Reason}),
 * REST problems, metric labels, audit, console and documentation. Each edge maps every value in one table.
 */
public enum RefusalReason {
    // who connects or asks: the certificate
    NO_CERTIFICATE("no client certificate was presented"),
    UNKNOWN_ISSUER("the certificate was not issued by an authority that is trusted here"),
    UNKNOWN_CERTIFICATE("the certificate is not in the registry"),
    BAD_CERTIFICATE("the certificate cannot be read or is not fit for this use"),
    NOT_YET_VALID("the certificate is not valid yet"),
    EXPIRED("the certificate has expired"),
    REVOKED("the certificate is revoked"),
    HELD("the certificate is on hold"),
    SUPERSEDED("a newer certificate has taken its place"),
    WRONG_ROLE("the certificate does not carry the role that this needs"),

    // who connects or asks: the device
    UNKNOWN_DEVICE("no such device"),
    PENDING("waiting for approval"),
    REJECTED("the request was rejected"),
    SUSPENDED("the device or its fleet is suspended"),
    DECOMMISSIONED("the device is decommissioned"),

    // at the broker
    CLIENT_ID_MISMATCH("the client id does not belong to the certificate's device"),
    SESSION_LIMIT("the device has as many sessions as its fleet allows"),
    TOPIC_NOT_ALLOWED("no rule of the fleet's policy allows this topic"),
    NOT_SYNCHRONISED("the broker has not received the directory yet"),
    STALE("the broker's copy of the directory is too old"),
    UNSAFE_CONFIGURATION("the broker is not configured safely"),
    KICKED("an administrator closed the session"),

    // at enrollment
    NO_CREDENTIALS("neither a claim nor a certificate was presented"),
    WRONG_SECRET("the device id or the secret is wrong"),
    CLAIM_SPENT("the claim has been used"),
    CLAIM_EXPIRED("the claim has expired"),
    CLAIM_CANCELLED("the claim was cancelled"),
    WRONG_FLEET("the device does not belong to this fleet"),
    UNKNOWN_FLEET("no such fleet"),
    NAME_MISMATCH("a name in the request is not the name that was proven"),
    KEY_MISMATCH("the same right was used with another key"),
    KEY_REUSED("this key was used before"),
    WEAK_KEY("the key's kind or size is not accepted"),
    BAD_SIGNATURE("the request is not signed by its own key"),
    BAD_REQUEST("the request cannot be read"),
    FORBIDDEN_EXTENSION("the request asks for an extension that is never given"),

    // at every edge
    NOT_AUTHENTICATED("no valid token or password"),
    NOT_ALLOWED("this is not allowed"),
    NOT_FOUND("there is no such thing"),
    ALREADY_EXISTS("there is one already"),
    CONFLICT("the state does not allow it"),
    NOT_OFFERED("this is not offered here"),
    METHOD_NOT_ALLOWED("this method is not allowed here"),
    WRONG_CONTENT_TYPE("the content type is not accepted here"),
    TOO_LARGE("the request is too large"),
    TOO_MANY_REQUESTS("too many requests, try again later"),
    UNAVAILABLE("the service cannot do this now, try again later"),
    INTERNAL_ERROR("something went wrong here");

    private static final Map<String, RefusalReason> BY_WORD =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(RefusalReason::word, Function.identity()));

    private final String word;
    private final String sentence;

    RefusalReason(String sentence) {
        this.word = name().toLowerCase(Locale.ROOT).replace('_', '-');
        this.sentence = sentence;
    }

    /** The word, such as {@code client-id-mismatch}. */
    public String word() {
        return word;
    }

    /** One sentence for people, without a full stop. */
    public String sentence() {
        return sentence;
    }

    /** The reason with that word, or nothing. */
    public static Optional<RefusalReason> ofWord(String word) {
        return Optional.ofNullable(BY_WORD.get(word));
    }

    @Override
    public String toString() {
        return word;
    }
}
