package io.gatehouse.enrollment.config;

/**
 * A mistake in the configuration: which file (or the command line), which key, the value found there, and what is allowed. The
 * message is one line for the person who has to mend it; the command exits with 2.
 */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST_VALUE = 80;

    private final String file;
    private final String key;
    private final String value;
    private final String allowed;

    public ConfigException(String file, String key, String value, String allowed) {
        super(sentence(file, key, shortened(value), allowed));
        this.file = file;
        this.key = key;
        this.value = shortened(value);
        this.allowed = allowed;
    }

    public String file() {
        return file;
    }

    /** The key, or an empty string when the file as a whole cannot be used. */
    public String key() {
        return key;
    }

    public String value() {
        return value;
    }

    public String allowed() {
        return allowed;
    }

    private static String sentence(String file, String key, String value, String allowed) {
        String subject = key.isEmpty() ? file : file + ": " + key;
        return value.isEmpty() ? subject + ": " + allowed : subject + " = " + value + ": allowed is " + allowed;
    }

    private static String shortened(String value) {
        String printable = value.codePoints()
                .limit(LONGEST_VALUE + 1)
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return printable.length() > LONGEST_VALUE ? printable.substring(0, LONGEST_VALUE) + "…" : printable;
    }
}
