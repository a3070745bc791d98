package io.gatehouse.gateway.install;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatehouse.enrollment.config.ConfigException;
import io.gatehouse.enrollment.config.DurableFiles;
import io.gatehouse.identity.BrokerName;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.x509.Pem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes a HiveMQ that somebody has installed a broker node: asks with keys made here, and writes what the extension and the listeners
 * read. May be interrupted anywhere and repeated. For one thread.
 */
public final class NodeEnrollment {
    private static final Pattern PASSWORD = Pattern.compile("<password>([A-Za-z0-9_-]{20,})</password>");
    private static final String TRUST = "trust.pem";
    private static final String CONFIG = "config.xml";
    private static final String COMMENT = "Written by gatehouse broker-node enroll. What may stand here is explained in"
            + " extensions/gatehouse/conf/config.xml.";

    private final HivemqHome home;
    private final HivemqListeners listeners;
    private final Wish wish;
    private final NodeFolder folder;
    private final NodeKeys keys;
    private final List<NodeKeys> others;

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

    /** @param candidates the keys to ask with, and then others; at least one */
    private NodeEnrollment(
            HivemqHome home, HivemqListeners listeners, Wish wish, NodeFolder folder, List<NodeKeys> candidates) {
        this.home = home;
        this.listeners = listeners;
        this.wish = wish;
        this.folder = folder;
        this.keys = candidates.get(0);
        this.others = candidates.subList(1, candidates.size());
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

    /**
     * The same with other keys that this node has, if it has some, when the service refused these for that reason: it knows the name by the
     * keys of an enrollment that has failed here after the service had carried it out.
     */
    public Optional<NodeEnrollment> after(String refusal) {
        return refusal.equals(RefusalReason.ALREADY_EXISTS.word()) && !others.isEmpty()
                ? Optional.of(new NodeEnrollment(home, listeners, wish, folder, others))
                : Optional.empty();
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

    /**
     * Puts what the service answered in place. All of it is read, verified and on the disk before the first file in use is replaced; until
     * then whatever fails leaves the identity that was in use.
     */
    public Enrolled accept(JsonNode json) {
        NodeAnswer answer = NodeAnswer.read(json, wish.name(), keys);
        try {
            return written(answer);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + home.gatehouse(), e);
        }
    }

    private Enrolled written(NodeAnswer answer) throws IOException {
        List<String> done = new ArrayList<>();
        List<String> todo = new ArrayList<>(home.extensionsToChange());
        String password = password();
        Map<Path, byte[]> files = new LinkedHashMap<>(); // in the order in which they take their places
        files.put(folder.path(TRUST), bytes(answer.trust()));
        identity(answer, password, files);
        files.put(folder.path("fast-crypto.security"), bytes(FastCrypto.securityProperties()));
        configuration(answer, files);
        Optional<Path> listenerFile = listener(password, files, done, todo);
        for (Map.Entry<Path, byte[]> file : files.entrySet()) {
            folder.stage(file.getKey(), file.getValue());
        }
        if (keys.inUse() && !keys.stillInUse(folder, answer.feed(), answer.server())) {
            throw new NotEnrolled("the broker has renewed its certificates meanwhile: run the command again");
        }
        keepFormer(files, done);
        removeReplica(answer.trust(), done);
        for (Path file : files.keySet()) {
            folder.promote(file);
        }
        NodeKeys.done(folder);
        return new Enrolled(answer.names(), answer.notAfter(), listeners.state(), listenerFile, done, todo);
    }

    /** A key goes before its chain, which lies staged beside it: so the extension finishes what a power cut interrupts. */
    private void identity(NodeAnswer answer, String password, Map<Path, byte[]> files) {
        if (!keys.inUse()) {
            files.put(
                    folder.path(NodeKeys.FEED + ".key"),
                    bytes(Pem.write(keys.feed().key())));
        }
        files.put(folder.path(NodeKeys.FEED + ".pem"), bytes(Pem.write(answer.feed())));
        if (!keys.inUse()) {
            files.put(
                    folder.path(NodeKeys.SERVER + ".key"),
                    bytes(Pem.write(keys.server().key())));
        }
        files.put(folder.path(NodeKeys.SERVER + ".pem"), bytes(Pem.write(answer.server())));
        HivemqListeners.Passwords passwords = listeners.passwords(password);
        files.put(
                folder.path(ListenerStores.KEYS),
                ListenerStores.keys(
                        keys.server().key(),
                        answer.server(),
                        passwords.keys().toCharArray(),
                        passwords.key().toCharArray()));
        files.put(
                folder.path(ListenerStores.TRUST),
                ListenerStores.trust(answer.devicesCas(), passwords.trust().toCharArray()));
    }

    /** What another service's broker knew must let nobody in here. */
    private void removeReplica(String trust, List<String> done) throws IOException {
        Path file = folder.path(TRUST);
        Path replica = home.root().resolve("data").resolve("gatehouse");
        if (Files.exists(file) && !Files.readString(file).equals(trust) && Files.exists(replica)) {
            if (folder.forAnother()) {
                throw new NotEnrolled(
                        replica + " is the copy of another service's directory, which root does not remove for the"
                                + " owner of that folder: remove it as that user, or run this command as that user");
            }
            DurableFiles.remove(replica);
            done.add("removed " + replica + ", the copy of another service's directory");
        }
    }

    /** What the operator has written there stays, unless it is for another identity or the command line says something else. */
    private void configuration(NodeAnswer answer, Map<Path, byte[]> files) {
        Path file = folder.path(CONFIG);
        if (keys.inUse() && wish.services().isEmpty() && Files.exists(file)) {
            return;
        }
        String text = HivemqConfig.extensionXml(
                COMMENT,
                wish.name().value(),
                answer.trustDomain().name(),
                wish.services().isEmpty() ? answer.services() : wish.services(),
                answer.maxStale(),
                "");
        files.put(file, bytes(text));
    }

    private Optional<Path> listener(String password, Map<Path, byte[]> files, List<String> done, List<String> todo) {
        if (listeners.state() == HivemqListeners.State.READY) {
            return Optional.empty();
        }
        String block = HivemqConfig.deviceListener(wish.mqttPort(), password);
        Path file = folder.path("listener.xml");
        files.put(file, bytes(block.stripIndent()));
        Path config = home.configXml();
        if (wish.writeListener()) {
            files.put(config, bytes(listeners.withOnly(block)));
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

    /** The two configurations, where somebody may have written by hand. */
    private void keepFormer(Map<Path, byte[]> files, List<String> done) throws IOException {
        for (Path file : List.of(folder.path(CONFIG), home.configXml())) {
            byte[] fresh = files.get(file);
            if (fresh != null && Files.exists(file) && !Arrays.equals(Files.readAllBytes(file), fresh)) {
                done.add("kept the former " + file + " as " + keep(file));
            }
        }
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

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
