package io.gatehouse.broker.config;

import io.gatehouse.identity.BrokerName;
import io.gatehouse.x509.TrustDomain;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.w3c.dom.Element;

/**
 * Reads the extension's configuration. Every key is known, each at most once but {@code service} and {@code listener}; anything else is
 * an error.
 */
public final class ExtensionConfigFile {
    private static final Duration LEAST_STALE = Duration.ofSeconds(10);
    private static final Duration MOST_STALE = Duration.ofDays(30);

    private static final String KEYS =
            "broker, trust-domain, service, max-stale, public-certificate, public-certificate-key, listener, mode,"
                    + " observe-until, metrics-port";

    private final Path file;
    private final InstantSource clock;

    public ExtensionConfigFile(Path file, InstantSource clock) {
        this.file = file;
        this.clock = clock;
    }

    /** The configuration. */
    public ExtensionConfig read() throws UnsafeConfigurationException {
        Optional<BrokerName> broker = Optional.empty();
        Optional<TrustDomain> trustDomain = Optional.empty();
        Optional<Duration> maxStale = Optional.empty();
        Optional<Path> publicCertificate = Optional.empty();
        Optional<Path> publicKey = Optional.empty();
        Optional<String> mode = Optional.empty();
        Optional<Instant> observeUntil = Optional.empty();
        Optional<Integer> metricsPort = Optional.empty();
        Set<String> listeners = new LinkedHashSet<>();
        List<URI> services = new ArrayList<>();
        for (var element : XmlFile.children(XmlFile.root(file, "gatehouse"))) {
            switch (element.getTagName()) {
                case "broker" -> broker = Optional.of(once(element, broker, broker(element)));
                case "trust-domain" -> trustDomain = Optional.of(once(element, trustDomain, trustDomain(element)));
                case "max-stale" -> maxStale = Optional.of(once(element, maxStale, maxStale(element)));
                case "public-certificate" ->
                    publicCertificate = Optional.of(once(element, publicCertificate, path(element)));
                case "public-certificate-key" -> publicKey = Optional.of(once(element, publicKey, path(element)));
                case "service" -> services.add(service(element));
                case "listener" -> {
                    if (!listeners.add(name(element))) {
                        throw wrong(element, "given twice", "each name once");
                    }
                }
                case "mode" -> mode = Optional.of(once(element, mode, mode(element)));
                case "observe-until" ->
                    observeUntil = Optional.of(once(element, observeUntil, ObserveUntil.parse(file, element, clock)));
                case "metrics-port" -> metricsPort = Optional.of(once(element, metricsPort, port(element)));
                default -> throw wrong(element, "not a key", KEYS);
            }
        }
        if (services.isEmpty()) {
            throw missing("service", "https://HOST:PORT");
        }
        if (mode.equals(Optional.of("observe")) != observeUntil.isPresent()) {
            throw observeUntil.isPresent()
                    ? new UnsafeConfigurationException(
                            file, "<observe-until>", "given without <mode>observe</mode>", "both or none")
                    : missing("observe-until", ObserveUntil.ALLOWED);
        }
        return new ExtensionConfig(
                broker.orElseThrow(() -> missing("broker", BrokerName.RULE)),
                trustDomain.orElseThrow(() -> missing("trust-domain", TrustDomain.RULE)),
                services,
                maxStale.orElse(ExtensionConfig.DEFAULT_MAX_STALE),
                publicPair(publicCertificate, publicKey),
                listeners,
                observeUntil,
                metricsPort.map(OptionalInt::of).orElse(OptionalInt.empty()));
    }

    private String name(Element element) throws UnsafeConfigurationException {
        if (XmlFile.text(element).isEmpty()) {
            throw wrong(element, "the name of a listener in HiveMQ's config.xml");
        }
        return XmlFile.text(element);
    }

    private String mode(Element element) throws UnsafeConfigurationException {
        String mode = XmlFile.text(element);
        if (!mode.equals("enforce") && !mode.equals("observe")) {
            throw wrong(element, "enforce or observe");
        }
        return mode;
    }

    private int port(Element element) throws UnsafeConfigurationException {
        String text = XmlFile.text(element);
        if (text.matches("[1-9][0-9]{0,4}") && Integer.parseInt(text) <= 65_535) {
            return Integer.parseInt(text);
        }
        throw wrong(element, "1 to 65535");
    }

    private Optional<ExtensionConfig.PublicPair> publicPair(Optional<Path> certificate, Optional<Path> key)
            throws UnsafeConfigurationException {
        if (certificate.isEmpty() && key.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new ExtensionConfig.PublicPair(
                certificate.orElseThrow(() -> missing("public-certificate", "the path of a PEM file")),
                key.orElseThrow(() -> missing("public-certificate-key", "the path of a PEM file"))));
    }

    /** A relative path begins at the folder of this file. */
    private Path path(Element element) throws UnsafeConfigurationException {
        try {
            if (!XmlFile.text(element).isBlank()) {
                return file.toAbsolutePath().resolveSibling(XmlFile.text(element));
            }
        } catch (InvalidPathException e) {
            // Said below.
        }
        throw wrong(element, "the path of a PEM file");
    }

    private <T> T once(Element element, Optional<T> before, T value) throws UnsafeConfigurationException {
        if (before.isPresent()) {
            throw wrong(element, "given twice", "once");
        }
        return value;
    }

    private BrokerName broker(Element element) throws UnsafeConfigurationException {
        return BrokerName.parse(XmlFile.text(element)).orElseThrow(() -> wrong(element, BrokerName.RULE));
    }

    private TrustDomain trustDomain(Element element) throws UnsafeConfigurationException {
        return TrustDomain.parse(XmlFile.text(element)).orElseThrow(() -> wrong(element, TrustDomain.RULE));
    }

    private URI service(Element element) throws UnsafeConfigurationException {
        try {
            var uri = new URI(XmlFile.text(element));
            if (!uri.isOpaque() && "https".equals(uri.getScheme()) && uri.getHost() != null && isBare(uri)) {
                return new URI("https", null, uri.getHost(), uri.getPort(), null, null, null);
            }
        } catch (URISyntaxException e) {
            // Said below.
        }
        throw wrong(element, "https://HOST:PORT");
    }

    private static boolean isBare(URI uri) {
        return (uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"))
                && uri.getRawUserInfo() == null
                && uri.getRawQuery() == null
                && uri.getRawFragment() == null;
    }

    private Duration maxStale(Element element) throws UnsafeConfigurationException {
        String allowed = "an ISO 8601 duration from " + LEAST_STALE + " to P30D, such as PT24H";
        try {
            var duration = Duration.parse(XmlFile.text(element));
            if (duration.compareTo(LEAST_STALE) >= 0 && duration.compareTo(MOST_STALE) <= 0) {
                return duration;
            }
        } catch (DateTimeParseException e) {
            // Said below.
        }
        throw wrong(element, allowed);
    }

    private UnsafeConfigurationException missing(String key, String allowed) {
        return new UnsafeConfigurationException(file, key, "missing", allowed);
    }

    private UnsafeConfigurationException wrong(Element element, String allowed) {
        return wrong(element, "\"" + XmlFile.text(element) + "\"", allowed);
    }

    private UnsafeConfigurationException wrong(Element element, String value, String allowed) {
        return new UnsafeConfigurationException(file, "<" + element.getTagName() + ">", value, allowed);
    }
}
