package io.gatehouse.agent.config;

/** A setting that cannot be used: where it stands, its key, its value, and what is allowed. */
public final class ConfigException extends Exception {
    public ConfigException(String where, String key, String value, String allowed) {
        super(where + ": " + key + " = \"" + value.replaceAll("\\p{Cntrl}", "?") + "\": allowed is " + allowed);
    }

    public ConfigException(String message) {
        super(message);
    }
}
