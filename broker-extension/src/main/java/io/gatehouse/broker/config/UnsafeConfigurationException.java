package io.gatehouse.broker.config;

import java.nio.file.Path;

/** A configuration with which this broker would not be safe; the message names file, key, value and what is allowed. */
public final class UnsafeConfigurationException extends Exception {
    public UnsafeConfigurationException(Path file, String key, String value, String allowed) {
        this(file + ": " + key + " is " + value + "; allowed: " + allowed);
    }

    /** Several of them in one sentence. */
    public UnsafeConfigurationException(String sentence) {
        super(sentence);
    }
}
