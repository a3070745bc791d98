package io.gatehouse.admission.feed;

/** What became of bytes that claim to be a line or a report. */
public sealed interface Parsed<T> {
    /** It is one. */
    record Value<T>(T value) implements Parsed<T> {}

    /** It is of a kind that this version does not know: the reader asks for a snapshot in its own version. */
    record UnknownKind<T>(String kind) implements Parsed<T> {}

    /** It is none; says why, without repeating the input. */
    record Malformed<T>(String problem) implements Parsed<T> {}
}
