package io.gatehouse.agent.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Every setting of the agent, declared once: its key, what it means, what it may be, its default, an example. */
public enum Setting {
    URL("url", "The enrollment service.", "https://HOST:PORT", "", "https://gatehouse.example.com:8443"),
    CA(
            "ca",
            "The services root that the service is trusted by: trust.pem of the installation.",
            "a PEM file",
            "",
            "/etc/gatehouse/trust.pem"),
    CA_FINGERPRINT(
            "ca-fingerprint",
            "The services root's fingerprint, in place of the file.",
            "sha256: and 64 hex digits",
            "",
            "sha256:4f5b…"),
    DEVICE("device", "Who this device is.", "a device id, auto:machine-id or auto:file:PATH", "", "pump-17"),
    FLEET("fleet", "The fleet to enroll in, when the service is to check it.", "a fleet's name", "", "pumps"),
    CLAIM_FILE("claim-file", "The file with the claim's secret.", "a file, or - for standard input", "", "/run/claim"),
    BROKER(
            "broker",
            "The broker, in place of the one that the service names.",
            "mqtts://HOST:PORT",
            "",
            "mqtts://mqtt.example.com:8883"),
    STATE("state", "Where the identity is kept.", "a directory", "/var/lib/gatehouse-agent", "/data/gatehouse"),
    KEEP_ALIVE(
            "keep-alive",
            "How long the connection may be silent before the agent asks whether it still stands.",
            "an ISO 8601 duration from PT5S to PT18H",
            "PT60S",
            "PT5M"),
    SESSION_EXPIRY(
            "session-expiry",
            "How long the broker keeps the session after the connection; PT0S: it does not.",
            "an ISO 8601 duration up to P365D",
            "PT0S",
            "PT1H"),
    ASK_EVERY(
            "ask-every",
            "The longest until the service is asked again, although nothing is wrong, whether to renew earlier; the shortest"
                    + " is half of it.",
            "an ISO 8601 duration from PT5S to P7D",
            "PT1H",
            "PT30M");

    private final String key;
    private final String doc;
    private final String allowed;
    private final String byDefault;
    private final String example;

    Setting(String key, String doc, String allowed, String byDefault, String example) {
        this.key = key;
        this.doc = doc;
        this.allowed = allowed;
        this.byDefault = byDefault;
        this.example = example;
    }

    /** The key in the file; the option is {@code --KEY}. */
    public String key() {
        return key;
    }

    /** The name in the environment. */
    public String environmentName() {
        return SettingsReader.PREFIX + key.replace('-', '_').toUpperCase(Locale.ROOT);
    }

    public String doc() {
        return doc;
    }

    public String allowed() {
        return allowed;
    }

    /** The default, empty when there is none. */
    public String byDefault() {
        return byDefault;
    }

    public String example() {
        return example;
    }

    static Optional<Setting> ofKey(String key) {
        return Arrays.stream(values())
                .filter(setting -> setting.key.equals(key))
                .findFirst();
    }

    static Optional<Setting> ofEnvironmentName(String name) {
        return Arrays.stream(values())
                .filter(setting -> setting.environmentName().equals(name))
                .findFirst();
    }
}
