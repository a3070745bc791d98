package io.gatehouse.agent.state;

import io.gatehouse.x509.Pem;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * The state directory: {@code generations/N} and the link {@code current} to one of them. At any moment there is at most one current
 * identity, always complete, and at most one staged generation, of a higher number. Guarantee: an end of the process or of the power between
 * any two changes leaves the current identity usable, and the staged one resumable with the key that it has.
 *
 * <p>One process changes it at a time: hold {@link #lock}. All methods throw {@link StoreException} when the disk fails.
 */
public final class GenerationStore {
    private static final String BROKER = "broker.json";
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,8}");

    private final Path root;
    private final FileStore files;

    public GenerationStore(Path root, FileStore files) {
        this.root = root;
        this.files = files;
    }

    public Path root() {
        return root;
    }

    /** The identity in use. */
    public Optional<Generation> current() {
        var link = root.resolve("current");
        if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try {
            var target = Files.readSymbolicLink(link);
            var number = number(target);
            var directory = generations().resolve(target.getFileName().toString());
            if (number.isEmpty() || !Files.isDirectory(directory)) {
                throw new StoreException(link + " does not lead to a generation");
            }
            return Optional.of(new Generation(directory, number.getAsInt()));
        } catch (IOException e) {
            throw new StoreException(link + " cannot be read", e);
        }
    }

    /** The generation that is to follow the current one, when one was begun. */
    public Optional<Generation> staged() {
        var newest = newest();
        var current = current().map(Generation::number).orElse(0);
        return newest.filter(generation -> generation.number() > current);
    }

    /** Begins a generation: key, request, trust and purpose stand together or not at all. A staged one must have been discarded. */
    public Generation stage(PrivateKey key, byte[] request, Collection<X509Certificate> trust, Purpose purpose) {
        var number = newest().map(Generation::number).orElse(0) + 1;
        var directory = generations().resolve(Integer.toString(number));
        var unfinished = generations().resolve(".unfinished");
        change(() -> {
            files.makeDirectory(generations());
            files.remove(unfinished);
            files.makeDirectory(unfinished);
            files.write(unfinished.resolve(Generation.KEY), ascii(Pem.write(key)));
            files.write(unfinished.resolve(Generation.REQUEST), request);
            files.write(unfinished.resolve(Generation.TRUST), ascii(Pem.write(trust)));
            files.write(unfinished.resolve(Generation.PURPOSE), purpose.write());
            files.rename(unfinished, directory);
        });
        return new Generation(directory, number);
    }

    /** Other services roots for a generation. */
    public void trust(Generation generation, Collection<X509Certificate> trust) {
        change(() -> files.write(generation.file(Generation.TRUST), ascii(Pem.write(trust))));
    }

    /** The certificate of a staged generation has arrived. */
    public void complete(
            Generation generation,
            X509Certificate certificate,
            List<X509Certificate> chain,
            Optional<RenewalWindow> window) {
        change(() -> {
            files.write(generation.file(Generation.CHAIN), ascii(Pem.write(chain)));
            if (window.isPresent()) {
                files.write(generation.file(Generation.RENEWAL), window.get().write());
            }
            files.write(generation.file(Generation.CERTIFICATE), ascii(Pem.write(certificate)));
        });
    }

    /** The service has moved the window. */
    public void window(Generation generation, RenewalWindow window) {
        change(() -> files.write(generation.file(Generation.RENEWAL), window.write()));
    }

    /** Makes a complete staged generation the current one, and then removes those before it. */
    public void promote(Generation generation) {
        if (!generation.hasCertificate()) {
            throw new IllegalStateException("a generation without a certificate is never current");
        }
        change(() ->
                files.link(root.resolve("current"), Path.of("generations", Integer.toString(generation.number()))));
        tidy();
    }

    /** Removes a staged generation. */
    public void discard(Generation generation) {
        if (current().map(Generation::number).equals(Optional.of(generation.number()))) {
            throw new IllegalStateException("the current generation is never discarded");
        }
        var discarded = generations().resolve(".discarded");
        change(() -> {
            // by its name first, so that a staged generation is never seen half removed
            files.remove(discarded);
            files.rename(generation.directory(), discarded);
            files.remove(discarded);
        });
    }

    /** Removes the generations before the current one, which may have been left by an end at the wrong moment. */
    public void tidy() {
        var current = current().map(Generation::number).orElse(0);
        for (var generation : all()) {
            if (generation.number() < current) {
                change(() -> files.remove(generation.directory()));
            }
        }
    }

    /** The broker's address that the service gave last. */
    public Optional<String> knownBroker() {
        var file = root.resolve(BROKER);
        try {
            return Files.size(file) > 4096
                    ? Optional.empty()
                    : Json.read(Files.readAllBytes(file)).map(members -> members.get("broker"));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The service has named its broker. */
    public void knowBroker(String address) {
        if (!knownBroker().equals(Optional.of(address))) {
            change(() -> files.write(root.resolve(BROKER), Json.write(Map.of("broker", address))));
        }
    }

    /** Excludes other processes from changing this state until closed; nothing when another has it now. */
    public Optional<Lock> lock() {
        try {
            files.makeDirectory(root);
            var channel = FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                if (channel.tryLock() != null) {
                    return Optional.of(new Lock(channel));
                }
            } catch (OverlappingFileLockException e) {
                // another thread of this process has it
            }
            channel.close();
            return Optional.empty();
        } catch (IOException e) {
            throw new StoreException(root + " cannot be used", e);
        }
    }

    /** The right to change the state. */
    public static final class Lock implements AutoCloseable {
        private final FileChannel channel;

        private Lock(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw new StoreException("the state's lock cannot be given back", e);
            }
        }
    }

    private Optional<Generation> newest() {
        var all = all();
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
    }

    private List<Generation> all() {
        if (!Files.isDirectory(generations())) {
            return List.of();
        }
        try (var found = Files.list(generations())) {
            return found.filter(directory -> number(directory).isPresent())
                    .map(directory ->
                            new Generation(directory, number(directory).getAsInt()))
                    .sorted(Comparator.comparingInt(Generation::number))
                    .toList();
        } catch (IOException e) {
            throw new StoreException(generations() + " cannot be read", e);
        }
    }

    private static OptionalInt number(Path directory) {
        var name = directory.getFileName().toString();
        return NUMBER.matcher(name).matches() ? OptionalInt.of(Integer.parseInt(name)) : OptionalInt.empty();
    }

    private Path generations() {
        return root.resolve("generations");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private void change(Change change) {
        try {
            change.make();
        } catch (IOException e) {
            throw new StoreException(root + " cannot be written: " + e.getMessage(), e);
        }
    }

    @FunctionalInterface
    private interface Change {
        void make() throws IOException;
    }
}
