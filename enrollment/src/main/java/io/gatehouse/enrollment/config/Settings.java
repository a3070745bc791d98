package io.gatehouse.enrollment.config;

import io.gatehouse.enrollment.config.Setting.SettingType;
import io.gatehouse.x509.TrustDomain;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** All keys of {@code gatehouse.toml}, in the order in which the file shows them. */
public final class Settings {
    private static final Pattern DNS_NAME =
            Pattern.compile("(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");
    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:.]*");
    private static final Duration LONGEST_STALE = Duration.ofDays(30);

    private static final SettingType<Integer> PORT =
            SettingType.number(0, 65535, "a port from 1 to 65535, or 0 for any free one");
    private static final SettingType<String> ADDRESS =
            SettingType.text("an IP address of this machine, or 0.0.0.0 for all", Settings::address);
    private static final SettingType<Integer> HEAP =
            SettingType.number(64, 1_048_576, "a whole number of megabytes from 64 to 1048576");

    public static final Setting<List<String>> HOSTS = new Setting<>(
            "host",
            SettingType.texts("different DNS names or IP addresses without a port, at least one", Settings::host),
            Optional.of(List.of("localhost", "127.0.0.1")),
            "[\"gate.example.com\", \"192.0.2.7\"]",
            "The names under which devices and people reach this machine. They go into the certificates of service and broker; the"
                    + " first one also into every device certificate, as the place of its revocation list.");

    public static final Setting<String> BIND = new Setting<>(
            "bind",
            ADDRESS,
            Optional.of("127.0.0.1"),
            "\"0.0.0.0\"",
            "The address on which the ports for devices listen: enroll, pki, mqtt, wss.");

    public static final Setting<String> TRUST_DOMAIN_NAME = new Setting<>(
            "trust-domain",
            SettingType.text(TrustDomain.RULE, Settings::trustDomain),
            Optional.of("gatehouse.internal"),
            "\"plant-7.example.com\"",
            "The first part of every identity, spiffe://TRUST-DOMAIN/device/ID. The CAs are bound to it: it cannot be changed after"
                    + " the first start.");

    public static final Setting<Integer> ENROLL_PORT = new Setting<>(
            "enroll-port",
            PORT,
            Optional.of(8443),
            "8443",
            "HTTPS for devices and brokers: EST enrollment, renewal, the directory's feed.");

    public static final Setting<Integer> ADMIN_PORT = new Setting<>(
            "admin-port", PORT, Optional.of(8444), "8444", "HTTPS for people and their tools: the REST API.");

    public static final Setting<String> ADMIN_BIND = new Setting<>(
            "admin-bind",
            ADDRESS,
            Optional.of("127.0.0.1"),
            "\"10.0.0.7\"",
            "The address on which the admin port listens. It follows no other key: it stays on this machine until set here.");

    public static final Setting<Integer> PKI_PORT = new Setting<>(
            "pki-port",
            PORT,
            Optional.of(8080),
            "8080",
            "Plain HTTP, as RFC 5280 wants it, for revocation lists and CA certificates. Every certificate carries this port.");

    public static final Setting<Integer> MQTT_PORT = new Setting<>(
            "mqtt-port", PORT, Optional.of(8883), "8883", "MQTT over mutual TLS: the broker's door for devices.");

    public static final Setting<Integer> WSS_PORT = new Setting<>(
            "wss-port", PORT, Optional.empty(), "8884", "MQTT over secure WebSocket with mutual TLS. Off unless set.");

    public static final Setting<String> PUBLIC_CERTIFICATE = new Setting<>(
            "public-certificate",
            SettingType.text("the path of a PEM file", Settings::path),
            Optional.empty(),
            "\"/etc/letsencrypt/live/www.example.com/fullchain.pem\"",
            "The certificate of another CA, then its chain, for clients that do not know this service's own root. It is shown to who"
                    + " asks for a name that it holds and that is not in host; who asks for a name in host, or for none, sees our own,"
                    + " which devices with the agent and brokers insist on. Read again when it changes.");

    public static final Setting<String> PUBLIC_CERTIFICATE_KEY = new Setting<>(
            "public-certificate-key",
            SettingType.text("the path of a PEM file", Settings::path),
            Optional.empty(),
            "\"/etc/letsencrypt/live/www.example.com/privkey.pem\"",
            "Its private key, PKCS#8 without a passphrase, closed to others (0600, or 0640). Service and broker read it.");

    public static final Setting<Integer> PUBLIC_MQTT_PORT = new Setting<>(
            "public-mqtt-port",
            PORT,
            Optional.empty(),
            "8885",
            "MQTT over mutual TLS with that certificate: a second door for devices, with the same rules for them. Off unless set.");

    public static final Setting<Duration> MAX_STALE = new Setting<>(
            "max-stale",
            SettingType.text("an ISO 8601 duration from PT1M to P30D", Settings::staleness),
            Optional.of(Duration.ofHours(24)),
            "\"PT24H\"",
            "How long the broker goes on admitting devices on what it knows while the service cannot be reached.");

    public static final Setting<Integer> SERVICE_HEAP = new Setting<>(
            "service-heap-megabytes",
            HEAP,
            Optional.of(512),
            "512",
            "The Java heap of the enrollment service, at most.");

    public static final Setting<Integer> BROKER_HEAP = new Setting<>(
            "broker-heap-megabytes",
            HEAP,
            Optional.of(768),
            "768",
            "The Java heap of the broker, at most; its store for queued messages takes about as much again outside of it.");

    public static final Setting<Integer> CHECKPOINT_ENTRIES = new Setting<>(
            "audit-checkpoint-entries",
            SettingType.number(1, 1_000_000, "a whole number from 1 to 1000000"),
            Optional.of(1000),
            "1000",
            "After how many entries of the audit the next signed checkpoint is due; one is also made an hour after the last entry, and"
                    + " when the service stops.");

    public static final Setting<URI> CHECKPOINTS_TO = new Setting<>(
            "audit-checkpoints-to",
            SettingType.text(
                    "tcp://HOST:PORT or udp://HOST:PORT of a syslog server, or file:///PATH", Checkpointing::address),
            Optional.empty(),
            "\"tcp://log.example.com:601\"",
            "Where a copy of each checkpoint goes: a syslog server (RFC 5424), or a file, best one on another machine. With it"
                    + " `gatehouse audit verify --checkpoints FILE` notices an audit that was cut off.");

    /** In the file's order. */
    public static final List<Setting<?>> ALL = List.of(
            HOSTS,
            BIND,
            TRUST_DOMAIN_NAME,
            ENROLL_PORT,
            ADMIN_PORT,
            ADMIN_BIND,
            PKI_PORT,
            MQTT_PORT,
            WSS_PORT,
            PUBLIC_CERTIFICATE,
            PUBLIC_CERTIFICATE_KEY,
            PUBLIC_MQTT_PORT,
            MAX_STALE,
            SERVICE_HEAP,
            BROKER_HEAP,
            CHECKPOINT_ENTRIES,
            CHECKPOINTS_TO);

    /** The keys that hold a port: 0 in them is replaced by a free one, once. */
    public static final List<Setting<Integer>> PORTS =
            List.of(ENROLL_PORT, ADMIN_PORT, PKI_PORT, MQTT_PORT, WSS_PORT, PUBLIC_MQTT_PORT);

    private Settings() {}

    private static Optional<String> path(String text) {
        try {
            return text.isBlank()
                    ? Optional.empty()
                    : Optional.of(Path.of(text)).map(Path::toString);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** A DNS name or an IP address, in lower case; nothing for any other text. */
    public static Optional<String> host(String text) {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        if (IPV4.matcher(lower).matches() || lower.indexOf(':') >= 0) {
            return address(lower);
        }
        return DNS_NAME.matcher(lower).matches() ? Optional.of(lower) : Optional.empty();
    }

    private static Optional<String> address(String text) {
        if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
            return Optional.empty(); // never ask a name server
        }
        try {
            return Optional.of(InetAddress.getByName(text)).map(any -> text);
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> trustDomain(String text) {
        return TrustDomain.parse(text).map(TrustDomain::name);
    }

    private static Optional<Duration> staleness(String text) {
        try {
            Duration duration = Duration.parse(text);
            boolean allowed = duration.compareTo(Duration.ofMinutes(1)) >= 0 && duration.compareTo(LONGEST_STALE) <= 0;
            return allowed ? Optional.of(duration) : Optional.empty();
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
