package io.gatehouse.broker.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;

/**
 * HiveMQ's own {@code config.xml}, as far as the doorkeeper depends on it: a governed listener is safe when it asks for a client
 * certificate and trusts exactly the truststore that the extension keeps. Anything else lets strangers through the handshake.
 *
 * @param keystores the key stores of the safe governed listeners, each once
 * @param truststores their trust stores, each once
 * @param listeners where this machine reaches each of them
 * @param unsafe the governed listeners that are not safe, by name, with a sentence for the operator
 * @param sessionExpirySeconds the longest session that HiveMQ keeps
 */
public record HivemqConfig(
        List<KeystoreSettings> keystores,
        List<KeystoreSettings> truststores,
        List<InetSocketAddress> listeners,
        Map<String, String> unsafe,
        long sessionExpirySeconds) {
    /** HiveMQ's default: a session never expires. */
    public static final long NEVER = 4_294_967_295L;

    /** No listener at all, for an extension that refuses everybody anyhow. */
    public static final HivemqConfig NONE = new HivemqConfig(List.of(), List.of(), List.of(), Map.of(), 0);

    /** A listener that HiveMQ has really opened or is about to. */
    public record Opened(String name, int port) {}

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{(?:ENV:)?([^}]*)\\}");

    public HivemqConfig {
        keystores = List.copyOf(keystores);
        truststores = List.copyOf(truststores);
        listeners = List.copyOf(listeners);
        unsafe = Map.copyOf(unsafe);
    }

    /**
     * Reads and judges the file.
     *
     * @param folder where HiveMQ reads its configuration
     * @param truststore the one that the extension keeps
     * @param governed names of listeners; none: all
     * @param opened what HiveMQ says of its listeners: the file must be the one that it read
     * @param environment resolves what HiveMQ resolves, {@code $}{NAME}
     */
    public static HivemqConfig read(
            Path home,
            Path folder,
            Path truststore,
            Set<String> governed,
            Set<Opened> opened,
            UnaryOperator<@Nullable String> environment)
            throws UnsafeConfigurationException {
        return new Reader(home, folder.resolve("config.xml"), truststore, environment).read(governed, opened);
    }

    private static final class Reader {
        private final Path home;
        private final Path file;
        private final Path truststore;
        private final UnaryOperator<@Nullable String> environment;
        private final Set<String> names = new HashSet<>();

        private Reader(Path home, Path file, Path truststore, UnaryOperator<@Nullable String> environment) {
            this.home = home;
            this.file = file;
            this.truststore = truststore;
            this.environment = environment;
        }

        HivemqConfig read(Set<String> governed, Set<Opened> opened) throws UnsafeConfigurationException {
            var root = XmlFile.root(file, "hivemq");
            var all = new ArrayList<HivemqListener>();
            for (var section : XmlFile.children(root, "listeners")) {
                for (var listener : XmlFile.children(section)) {
                    all.add(listener(listener));
                }
            }
            if (all.isEmpty()) {
                throw new UnsafeConfigurationException(
                        file, "listeners", "none", "one or more tls-tcp-listener or tls-websocket-listener");
            }
            refuseUnknown(governed);
            refuseOtherThan(opened, all);
            var ours = all.stream()
                    .filter(each -> governed.isEmpty() || governed.contains(each.name()))
                    .toList();
            var unsafe = new LinkedHashMap<String, String>();
            ours.forEach(each -> each.unsafe().ifPresent(why -> unsafe.put(each.name(), why)));
            var safe = ours.stream().filter(each -> each.tls().isPresent()).toList();
            return new HivemqConfig(
                    distinct(safe, HivemqListener.Tls::keystore),
                    distinct(safe, HivemqListener.Tls::truststore),
                    safe.stream().map(HivemqListener::reached).toList(),
                    unsafe,
                    sessionExpiry(root));
        }

        private void refuseUnknown(Set<String> governed) throws UnsafeConfigurationException {
            for (var name : governed) {
                if (!names.contains(name)) {
                    throw new UnsafeConfigurationException(
                            file,
                            "a listener with the governed name \"" + name + "\"",
                            "missing",
                            "one of " + new TreeSet<>(names));
                }
            }
        }

        private void refuseOtherThan(Set<Opened> opened, List<HivemqListener> read)
                throws UnsafeConfigurationException {
            var here = new HashSet<Opened>();
            read.forEach(each -> here.add(new Opened(each.name(), each.port())));
            if (!here.equals(opened)) {
                throw new UnsafeConfigurationException(
                        file, "the listeners", here.toString(), "those that HiveMQ says it has: " + opened);
            }
        }

        private HivemqListener listener(Element listener) throws UnsafeConfigurationException {
            int port = port(listener);
            String name = name(listener, port);
            var reached = address(listener, port);
            String key = listener.getTagName() + " on port " + port;
            try {
                return new HivemqListener(name, port, Optional.of(tls(listener, key)), reached, Optional.empty());
            } catch (UnsafeConfigurationException e) {
                return new HivemqListener(
                        name, port, Optional.empty(), reached, Optional.of(String.valueOf(e.getMessage())));
            }
        }

        /** HiveMQ gives names where there are none, and others where two are the same: in the order of the file. */
        private String name(Element listener, int port) {
            String chosen =
                    value(listener, "name").filter(text -> !text.isEmpty()).orElse(listener.getTagName() + "-" + port);
            String name = chosen;
            for (int count = 1; !names.add(name); count++) {
                name = chosen + "-" + count;
            }
            return name;
        }

        private HivemqListener.Tls tls(Element listener, String key) throws UnsafeConfigurationException {
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
            return new HivemqListener.Tls(store(tls.get(), "keystore", key), trust);
        }

        private int port(Element listener) throws UnsafeConfigurationException {
            String port = value(listener, "port").orElse("");
            try {
                int number = Integer.parseInt(port);
                if (number >= 0 && number <= 65_535) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // Said below.
            }
            throw new UnsafeConfigurationException(file, listener.getTagName() + ", port", port, "1 to 65535");
        }

        /** A listener on every address is reached on this machine's own. */
        private InetSocketAddress address(Element listener, int port) {
            String bind = value(listener, "bind-address").orElse("0.0.0.0");
            var address = new InetSocketAddress(bind, port);
            boolean any = address.getAddress() != null && address.getAddress().isAnyLocalAddress();
            return any ? new InetSocketAddress(InetAddress.getLoopbackAddress(), port) : address;
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

        private static List<KeystoreSettings> distinct(
                List<HivemqListener> listeners, Function<HivemqListener.Tls, KeystoreSettings> store) {
            return listeners.stream()
                    .flatMap(each -> each.tls().stream())
                    .map(store)
                    .distinct()
                    .toList();
        }
    }
}
