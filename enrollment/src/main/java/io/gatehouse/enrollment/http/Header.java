package io.gatehouse.enrollment.http;

/** One header field of an answer. Name and value must be visible ASCII and blanks: what would split the head is refused here. */
public record Header(String name, String value) {
    public Header {
        if (!printable(name, '!') || !printable(value, ' ')) {
            throw new IllegalArgumentException("not a header field: " + name);
        }
    }

    private static boolean printable(String text, char lowest) {
        return text.chars().allMatch(c -> c >= lowest && c < 0x7f);
    }
}
