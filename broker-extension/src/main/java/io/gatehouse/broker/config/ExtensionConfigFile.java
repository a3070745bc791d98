package io.gatehouse.broker.config;

import io.gatehouse.identity.BrokerName;
import io.gatehouse.x509.TrustDomain;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.w3c.dom.Element;

/** Reads the extension's configuration. Every key is known, each at most once but {@code service}; anything else is an error. */
public final class ExtensionConfigFile {
    private static final Duration LEAST_STALE = Duration.ofSeconds(10);
    private static final Duration MOST_STALE = Duration.ofDays(30);

    private final Path file;

    public ExtensionConfigFile(Path file) {
        this.file = file;
    }

    /** The configuration. */
    public ExtensionConfig read() throws UnsafeConfigurationException {
        Optional<BrokerName> broker = Optional.empty();
        Optional<TrustDomain> trustDomain = Optional.empty();
        Optional<Duration> maxStale = Optional.empty();
        Optional<Path> publicCertificate = Optional.empty();
        Optional<Path> publicKey = Optional.empty();
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
                default ->
                    throw wrong(
                            element,
                            "not a key",
                            "broker, trust-domain, service, max-stale, public-certificate, public-certificate-key");
            }
        }
        if (services.isEmpty()) {
            throw missing("service", "https://HOST:PORT");
        }
        return new ExtensionConfig(
                broker.orElseThrow(() -> missing("broker", BrokerName.RULE)),
                trustDomain.orElseThrow(() -> missing("trust-domain", TrustDomain.RULE)),
                services,
                maxStale.orElse(ExtensionConfig.DEFAULT_MAX_STALE),
                publicPair(publicCertificate, publicKey));
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
