package io.gatehouse.broker.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;

/**
 * HiveMQ's own {@code conf/config.xml}, as far as the doorkeeper depends on it: every listener asks for a client certificate and
 * trusts exactly the truststore that the extension keeps. Anything else lets strangers through the handshake.
 *
 * @param keystores the key stores of all listeners, each once
 * @param truststores the trust stores of all listeners, each once
 * @param listeners where this machine reaches each listener
 * @param sessionExpirySeconds the longest session that HiveMQ keeps
 */
public record HivemqConfig(
        List<KeystoreSettings> keystores,
        List<KeystoreSettings> truststores,
        List<InetSocketAddress> listeners,
        long sessionExpirySeconds) {
    /** HiveMQ's default: a session never expires. */
    public static final long NEVER = 4_294_967_295L;

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{(?:ENV:)?([^}]*)\\}");

    public HivemqConfig {
        keystores = List.copyOf(keystores);
        truststores = List.copyOf(truststores);
        listeners = List.copyOf(listeners);
    }

    /** Reads and judges the file; {@code environment} resolves what HiveMQ resolves, {@code $}{NAME}. */
    public static HivemqConfig read(Path home, Path truststore, UnaryOperator<@Nullable String> environment)
            throws UnsafeConfigurationException {
        return new Reader(home, truststore, environment).read();
    }

    private static final class Reader {
        private final Path home;
        private final Path file;
        private final Path truststore;
        private final UnaryOperator<@Nullable String> environment;
        private final List<KeystoreSettings> keystores = new ArrayList<>();
        private final List<KeystoreSettings> truststores = new ArrayList<>();
        private final List<InetSocketAddress> reached = new ArrayList<>();

        private Reader(Path home, Path truststore, UnaryOperator<@Nullable String> environment) {
            this.home = home;
            this.file = home.resolve("conf").resolve("config.xml");
            this.truststore = truststore;
            this.environment = environment;
        }

        HivemqConfig read() throws UnsafeConfigurationException {
            var root = XmlFile.root(file, "hivemq");
            int listeners = 0;
            for (var section : XmlFile.children(root, "listeners")) {
                for (var listener : XmlFile.children(section)) {
                    checkListener(listener);
                    listeners++;
                }
            }
            if (listeners == 0) {
                throw new UnsafeConfigurationException(
                        file, "listeners", "none", "one or more tls-tcp-listener or tls-websocket-listener");
            }
            return new HivemqConfig(distinct(keystores), distinct(truststores), reached, sessionExpiry(root));
        }

        private void checkListener(Element listener) throws UnsafeConfigurationException {
            String key = listener.getTagName() + " on port "
                    + value(listener, "port").orElse("?");
            var tls = XmlFile.children(listener, "tls").stream().findFirst();
            if (!listener.getTagName().startsWith("tls-") || tls.isEmpty()) {
                throw new UnsafeConfigurationException(
                        file, key, "without TLS", "tls-tcp-listener or tls-websocket-listener");
            }
            String mode = value(tls.get(), "client-authentication-mode").orElse("NONE");
            if (!mode.equals("REQUIRED")) {
                throw new UnsafeConfigurationException(file, key + ", client-authentication-mode", mode, "REQUIRED");
            }
            var trust = store(tls.get(), "truststore", key);
            if (!trust.file().equals(truststore.toAbsolutePath().normalize())) {
                // Another store would not follow the devices CAs that the service names.
                throw new UnsafeConfigurationException(
                        file, key + ", truststore path", trust.file().toString(), truststore.toString());
            }
            truststores.add(trust);
            keystores.add(store(tls.get(), "keystore", key));
            reached.add(address(listener, key));
        }

        /** A listener on every address is reached on this machine's own. */
        private InetSocketAddress address(Element listener, String key) throws UnsafeConfigurationException {
            String bind = value(listener, "bind-address").orElse("0.0.0.0");
            String port = value(listener, "port").orElse("");
            try {
                var address = new InetSocketAddress(bind, Integer.parseInt(port));
                boolean any =
                        address.getAddress() != null && address.getAddress().isAnyLocalAddress();
                return any ? new InetSocketAddress(InetAddress.getLoopbackAddress(), address.getPort()) : address;
            } catch (IllegalArgumentException e) {
                throw new UnsafeConfigurationException(file, key + ", port", port, "1 to 65535");
            }
        }

        private KeystoreSettings store(Element tls, String name, String key) throws UnsafeConfigurationException {
            var element = XmlFile.children(tls, name).stream().findFirst();
            var path = element.flatMap(store -> value(store, "path"));
            if (element.isEmpty() || path.isEmpty()) {
                throw new UnsafeConfigurationException(
                        file, key + ", " + name, "missing", name + " with path and password");
            }
            return new KeystoreSettings(
                    home.resolve(path.get()).toAbsolutePath().normalize(),
                    value(element.get(), "password").orElse(""),
                    value(element.get(), "private-key-password"));
        }

        private long sessionExpiry(Element root) throws UnsafeConfigurationException {
            for (var mqtt : XmlFile.children(root, "mqtt")) {
                for (var expiry : XmlFile.children(mqtt, "session-expiry")) {
                    String text = value(expiry, "max-interval").orElse(String.valueOf(NEVER));
                    try {
                        return Long.parseLong(text);
                    } catch (NumberFormatException e) {
                        throw new UnsafeConfigurationException(
                                file, "mqtt, session-expiry, max-interval", text, "seconds");
                    }
                }
            }
            return NEVER;
        }

        private Optional<String> value(Element parent, String name) {
            return XmlFile.children(parent, name).stream()
                    .findFirst()
                    .map(XmlFile::text)
                    .map(this::resolve);
        }

        private String resolve(String text) {
            return PLACEHOLDER.matcher(text).replaceAll(match -> {
                String value = environment.apply(match.group(1));
                return Matcher.quoteReplacement(value == null ? match.group() : value);
            });
        }

        private static List<KeystoreSettings> distinct(List<KeystoreSettings> stores) {
            return stores.stream().distinct().toList();
        }
    }
}
