package io.gatehouse.gateway.install;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatehouse.enrollment.config.ConfigException;
import io.gatehouse.enrollment.config.DurableFiles;
import io.gatehouse.identity.BrokerName;
import io.gatehouse.x509.Keys;
import io.gatehouse.x509.Pem;
import io.gatehouse.x509.der.MalformedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Makes a HiveMQ that somebody has installed a broker node: asks with keys made here, and writes what the extension and the listeners
 * read. May be interrupted anywhere and repeated. For one thread.
 */
public final class NodeEnrollment {
    private static final Pattern PASSWORD = Pattern.compile("<password>([A-Za-z0-9_-]{20,})</password>");
    private static final String COMMENT = "Written by gatehouse broker-node enroll. What may stand here is explained in"
            + " extensions/gatehouse/conf/config.xml.";

    private final HivemqHome home;
    private final HivemqListeners listeners;
    private final Wish wish;
    private final NodeFolder folder;
    private final NodeKeys keys;

    /**
     * What the operator asks for.
     *
     * @param hosts names of the node's server certificate; none: those that it has, or this machine's name
     * @param services where the feed is; none: what the service says of itself
     * @param force whether an identity in use, here and at the service, gives way
     * @param writeListener whether HiveMQ's own configuration may be changed
     */
    public record Wish(
            BrokerName name,
            List<String> hosts,
            List<URI> services,
            int mqttPort,
            boolean force,
            boolean writeListener) {
        public Wish {
            hosts = List.copyOf(hosts);
            services = List.copyOf(services);
        }
    }

    /**
     * What came of it.
     *
     * @param listenerFile the listener that HiveMQ's configuration still needs, when it does
     * @param done what was changed besides the identity, one sentence each
     * @param todo what the operator has to do, one sentence each
     */
    public record Enrolled(
            List<String> names,
            Instant notAfter,
            HivemqListeners.State listeners,
            Optional<Path> listenerFile,
            List<String> done,
            List<String> todo) {}

    private NodeEnrollment(HivemqHome home, HivemqListeners listeners, Wish wish, NodeFolder folder, NodeKeys keys) {
        this.home = home;
        this.listeners = listeners;
        this.wish = wish;
        this.folder = folder;
        this.keys = keys;
    }

    /**
     * Finds or makes the keys. Throws {@link ConfigException} or {@link NotEnrolled} before anything is changed when it could not be
     * carried out.
     */
    public static NodeEnrollment begin(HivemqHome home, HivemqListeners listeners, Wish wish) {
        if (wish.writeListener() && listeners.state() == HivemqListeners.State.OTHERS) {
            throw new ConfigException(
                    home.configXml().toString(),
                    "listeners",
                    String.join("; ", listeners.wrong()),
                    "no other listener than HiveMQ's default for --write-listener; change these by hand, or leave the option out");
        }
        try {
            NodeFolder folder = NodeFolder.of(home);
            return new NodeEnrollment(home, listeners, wish, folder, NodeKeys.of(folder, wish.name(), wish.force()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + home.gatehouse(), e);
        }
    }

    /** The body for {@code POST /api/v1/brokers}. */
    public Map<String, Object> order() {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", wish.name().value());
        body.put("names", names());
        body.put("feedRequest", keys.feed().request());
        body.put("serverRequest", keys.server().request());
        body.put("replace", wish.force());
        return body;
    }

    private List<String> names() {
        if (!wish.hosts().isEmpty()) {
            return wish.hosts();
        }
        try {
            Optional<X509Certificate> has = NodeKeys.certificate(folder, NodeKeys.SERVER);
            if (has.isPresent()) {
                return has.get().getSubjectAlternativeNames().stream()
                        .filter(name -> name.get(0).equals(2) || name.get(0).equals(7))
                        .map(name -> (String) name.get(1))
                        .toList();
            }
            return List.of(InetAddress.getLocalHost().getHostName());
        } catch (IOException | CertificateParsingException e) {
            throw new ConfigException("command line", "--host", "", "the names under which devices reach this node");
        }
    }

    /** Puts what the service answered in place. */
    public Enrolled accept(JsonNode answer) {
        try {
            return written(answer);
        } catch (MalformedException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new NotEnrolled("the service's answer cannot be read: " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + home.gatehouse(), e);
        }
    }

    private Enrolled written(JsonNode answer) throws IOException, MalformedException {
        List<String> done = new ArrayList<>();
        List<X509Certificate> feed =
                Pem.certificates(answer.path("feedCertificate").asText());
        List<X509Certificate> server =
                Pem.certificates(answer.path("serverCertificate").asText());
        List<X509Certificate> devicesCas =
                Pem.certificates(answer.path("devicesCas").asText());
        if (!Keys.match(keys.feed().key(), feed.get(0).getPublicKey())
                || !Keys.match(keys.server().key(), server.get(0).getPublicKey())) {
            throw new NotEnrolled("the service's answer is not for the keys of this node");
        }
        if (keys.inUse() && !keys.stillInUse(folder, feed, server)) {
            throw new NotEnrolled("the broker has renewed its certificates meanwhile: run the command again");
        }
        trust(answer.path("trust").asText(), done);
        String otherwise = password();
        HivemqListeners.Passwords passwords = listeners.passwords(otherwise);
        pair(NodeKeys.FEED, keys.feed().key(), feed);
        pair(NodeKeys.SERVER, keys.server().key(), server);
        folder.write(
                folder.path(ListenerStores.KEYS),
                ListenerStores.keys(
                        keys.server().key(),
                        server,
                        passwords.keys().toCharArray(),
                        passwords.key().toCharArray()));
        folder.write(
                folder.path(ListenerStores.TRUST),
                ListenerStores.trust(devicesCas, passwords.trust().toCharArray()));
        folder.write(folder.path("fast-crypto.security"), FastCrypto.securityProperties());
        configuration(answer, done);
        List<String> todo = new ArrayList<>(home.extensionsToChange());
        Optional<Path> listenerFile = listener(otherwise, done, todo);
        NodeKeys.done(folder);
        return new Enrolled(
                Stream.of(answer.path("names")).flatMap(NodeEnrollment::texts).toList(),
                feed.get(0).getNotAfter().toInstant(),
                listeners.state(),
                listenerFile,
                done,
                todo);
    }

    /** What another service's broker knew must let nobody in here. */
    private void trust(String pem, List<String> done) throws IOException {
        Path file = folder.path("trust.pem");
        Path replica = home.root().resolve("data").resolve("gatehouse");
        if (Files.exists(file) && !Files.readString(file).equals(pem) && Files.exists(replica)) {
            if (folder.forAnother()) {
                throw new NotEnrolled(
                        replica + " is the copy of another service's directory, which root does not remove for the"
                                + " owner of that folder: remove it as that user, or run this command as that user");
            }
            DurableFiles.remove(replica);
            done.add("removed " + replica + ", the copy of another service's directory");
        }
        folder.write(file, pem);
    }

    private void pair(String use, PrivateKey key, List<X509Certificate> chain) throws IOException {
        Path file = folder.path(use + ".pem");
        folder.stage(file, Pem.write(chain).getBytes(StandardCharsets.US_ASCII));
        if (!keys.inUse()) {
            folder.write(folder.path(use + ".key"), Pem.write(key));
        }
        folder.promote(file);
    }

    /** What the operator has written there stays, unless it is for another identity or the command line says something else. */
    private void configuration(JsonNode answer, List<String> done) throws IOException {
        Path file = folder.path("config.xml");
        if (keys.inUse() && wish.services().isEmpty() && Files.exists(file)) {
            return;
        }
        List<URI> services = wish.services().isEmpty()
                ? texts(answer.path("services")).map(URI::create).toList()
                : wish.services();
        String text = HivemqConfig.extensionXml(
                COMMENT,
                wish.name().value(),
                answer.path("trustDomain").asText(),
                services,
                Duration.parse(answer.path("maxStale").asText("PT24H")),
                "");
        if (Files.exists(file) && !Files.readString(file).equals(text)) {
            done.add("kept the former " + file + " as " + keep(file));
        }
        folder.write(file, text);
    }

    private Optional<Path> listener(String password, List<String> done, List<String> todo) throws IOException {
        if (listeners.state() == HivemqListeners.State.READY) {
            return Optional.empty();
        }
        String block = HivemqConfig.deviceListener(wish.mqttPort(), password);
        Path file = folder.path("listener.xml");
        folder.write(file, block.stripIndent());
        Path config = home.configXml();
        if (wish.writeListener()) {
            if (Files.exists(config)) {
                done.add("kept the former " + config + " as " + keep(config));
            }
            folder.write(config, listeners.withOnly(block));
            done.add("wrote the listener on port " + wish.mqttPort() + " to " + config);
            return Optional.empty();
        }
        todo.add(
                switch (listeners.state()) {
                    case MISSING ->
                        config + " has no listener: put the element in " + file + " between <listeners> and"
                                + " </listeners>, or run this command again with --write-listener";
                    case HIVEMQ_DEFAULT ->
                        config + " has HiveMQ's default, a plain listener on 1883, which lets in"
                                + " anybody: put the element in " + file
                                + " in its place, or run this command again with"
                                + " --write-listener";
                    default ->
                        "change the listeners in " + config + " as in " + file + ", or every client is refused: "
                                + String.join("; ", listeners.wrong());
                });
        return Optional.of(file);
    }

    private String password() throws IOException {
        Path file = folder.path("listener.xml");
        Matcher found = PASSWORD.matcher(Files.exists(file) ? Files.readString(file) : "");
        return found.find() ? found.group(1) : ListenerStores.newPassword();
    }

    /** A copy beside it, under the first name that is free. */
    private static Path keep(Path file) throws IOException {
        for (int i = 1; ; i++) {
            Path copy = file.resolveSibling(file.getFileName() + ".before-enroll" + (i == 1 ? "" : "-" + i));
            if (!Files.exists(copy)) {
                return Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
            }
        }
    }

    private static Stream<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(item -> texts.add(item.asText()));
        return texts.stream();
    }
}
