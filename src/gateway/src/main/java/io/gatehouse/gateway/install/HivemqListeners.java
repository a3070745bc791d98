package io.gatehouse.gateway.install;

import io.gatehouse.enrollment.config.ConfigException;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/**
 * The listeners of HiveMQ's {@code conf/config.xml}. The extension refuses every client while one of them is open to somebody without a
 * certificate, so they are looked at before the broker is started. Immutable after reading.
 */
public final class HivemqListeners {
    private static final String EMPTY = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<hivemq>\n</hivemq>\n";
    private static final String DEFAULT_PORT = "1883";

    private final HivemqHome home;
    private final Document document;
    private final List<Element> listeners;
    private final UnaryOperator<@Nullable String> environment;

    /** How far the listeners are what the extension needs. */
    public enum State {
        /** There is none. */
        MISSING,
        /** HiveMQ's default: one plain listener on 1883, which nobody has set up on purpose. */
        HIVEMQ_DEFAULT,
        /** All of them ask for a certificate and trust the store that the extension keeps. */
        READY,
        /** At least one is not, and only its owner can say what is to become of it. */
        OTHERS
    }

    /** Passwords of the two stores, as HiveMQ's configuration has them. */
    record Passwords(String keys, String key, String trust) {}

    private HivemqListeners(HivemqHome home, Document document, UnaryOperator<@Nullable String> environment) {
        this.home = home;
        this.document = document;
        this.environment = environment;
        this.listeners = children(document.getDocumentElement(), "listeners").stream()
                .flatMap(section -> children(section, "*").stream())
                .toList();
    }

    /**
     * Reads the file; without one HiveMQ has no listener.
     *
     * @param environment resolves what HiveMQ resolves, <code>${NAME}</code>
     * @throws ConfigException when it is no configuration of HiveMQ
     */
    public static HivemqListeners of(HivemqHome home, UnaryOperator<@Nullable String> environment) {
        Path file = home.configXml();
        try {
            String text = Files.exists(file) ? Files.readString(file) : EMPTY;
            Document document = parsed(text);
            if (!document.getDocumentElement().getTagName().equals("hivemq")) {
                throw new ConfigException(
                        file.toString(), "", document.getDocumentElement().getTagName(), "the element <hivemq>");
            }
            return new HivemqListeners(home, document, environment);
        } catch (SAXException e) {
            throw new ConfigException(file.toString(), "", "", "well-formed XML (" + e.getMessage() + ")");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    public State state() {
        if (listeners.isEmpty()) {
            return State.MISSING;
        }
        if (wrong().isEmpty()) {
            return State.READY;
        }
        Element first = listeners.get(0);
        return listeners.size() == 1
                        && first.getTagName().equals("tcp-listener")
                        && value(first, "port").equals(Optional.of(DEFAULT_PORT))
                ? State.HIVEMQ_DEFAULT
                : State.OTHERS;
    }

    /** What is wrong with each listener that is not safe. */
    public List<String> wrong() {
        return listeners.stream().flatMap(listener -> wrong(listener).stream()).toList();
    }

    private Optional<String> wrong(Element listener) {
        String name =
                listener.getTagName() + " on port " + value(listener, "port").orElse("?");
        Optional<Element> tls = child(listener, "tls");
        if (!listener.getTagName().startsWith("tls-") || tls.isEmpty()) {
            return Optional.of(name + " has no TLS");
        }
        if (!value(tls.get(), "client-authentication-mode").equals(Optional.of("REQUIRED"))) {
            return Optional.of(name + ": client-authentication-mode must be REQUIRED");
        }
        return store(tls.get(), "truststore", ListenerStores.TRUST).isPresent()
                ? Optional.empty()
                : Optional.of(name + ": the truststore's path must be conf/gatehouse/" + ListenerStores.TRUST);
    }

    /** Those that a listener gives, else this one for all. */
    Passwords passwords(String otherwise) {
        Optional<Element> keys = stores("keystore", ListenerStores.KEYS);
        String ofKeys = keys.flatMap(store -> value(store, "password")).orElse(otherwise);
        return new Passwords(
                ofKeys,
                keys.flatMap(store -> value(store, "private-key-password")).orElse(ofKeys),
                stores("truststore", ListenerStores.TRUST)
                        .flatMap(store -> value(store, "password"))
                        .orElse(otherwise));
    }

    private Optional<Element> stores(String kind, String file) {
        return listeners.stream()
                .flatMap(listener -> child(listener, "tls").stream())
                .flatMap(tls -> store(tls, kind, file).stream())
                .findFirst();
    }

    private Optional<Element> store(Element tls, String kind, String file) {
        return child(tls, kind)
                .filter(store -> value(store, "path")
                        .map(path -> home.root().resolve(path).normalize())
                        .equals(Optional.of(home.gatehouse().resolve(file))));
    }

    /** The whole file with this listener in place of those that it has; comments and everything else stay. */
    String withOnly(String listener) {
        try {
            Element root = document.getDocumentElement();
            List<Element> sections = children(root, "listeners");
            Element section = sections.isEmpty()
                    ? (Element) root.appendChild(document.createElement("listeners"))
                    : sections.get(0);
            listeners.forEach(old -> old.getParentNode().removeChild(old));
            section.appendChild(document.importNode(parsed(listener.strip()).getDocumentElement(), true));
            section.appendChild(document.createTextNode("\n    "));
            StringWriter text = new StringWriter();
            TransformerFactory factory = TransformerFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            var transformer = factory.newTransformer();
            transformer.setOutputProperty(OutputKeys.ENCODING, "UTF-8");
            document.setXmlStandalone(true);
            transformer.transform(new DOMSource(document), new StreamResult(text));
            return text.append('\n').toString();
        } catch (SAXException | IOException | TransformerException e) {
            throw new IllegalStateException("the configuration cannot be written", e);
        }
    }

    private static Document parsed(String text) throws SAXException, IOException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setXIncludeAware(false);
            var builder = factory.newDocumentBuilder();
            builder.setErrorHandler(null);
            return builder.parse(new InputSource(new StringReader(text)));
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("this Java platform reads no XML safely", e);
        }
    }

    private Optional<String> value(Element parent, String name) {
        return child(parent, name)
                .map(element -> resolved(element.getTextContent().strip()));
    }

    private String resolved(String text) {
        if (!text.startsWith("${") || !text.endsWith("}")) {
            return text;
        }
        String variable = text.substring(2, text.length() - 1).replaceFirst("^ENV:", "");
        String value = environment.apply(variable);
        if (value == null) {
            throw new ConfigException(
                    home.configXml().toString(),
                    text,
                    "",
                    "a variable that is set for this command as it is for HiveMQ");
        }
        return value;
    }

    private static Optional<Element> child(Element parent, String name) {
        return children(parent, name).stream().findFirst();
    }

    private static List<Element> children(Element parent, String name) {
        List<Node> nodes = new ArrayList<>();
        var all = parent.getChildNodes();
        IntStream.range(0, all.getLength()).forEach(i -> nodes.add(all.item(i)));
        return nodes.stream()
                .filter(Element.class::isInstance)
                .map(Element.class::cast)
                .filter(element -> name.equals("*") || element.getTagName().equals(name))
                .toList();
    }
}
