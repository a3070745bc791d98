package io.gatehouse.broker.real;

import com.fasterxml.jackson.core.JsonFactory;
import com.hivemq.extension.sdk.api.ExtensionMain;
import io.gatehouse.admission.decision.Admission;
import io.gatehouse.broker.GatehouseExtension;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.x509.Pem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/** An extension as an operator installs it, built from the classes that are being tested: the zip comes later in the build. */
final class ExtensionFolder {
    private static final String SERVICE = "META-INF/services/" + ExtensionMain.class.getName();

    private ExtensionFolder() {}

    /** Ours, in {@code extensions/gatehouse}. */
    static void install(Path extensions) throws IOException {
        Path folder = Files.createDirectories(extensions.resolve("gatehouse"));
        Files.copy(
                Path.of(System.getProperty("gatehouse.extension.descriptor")), folder.resolve("hivemq-extension.xml"));
        try (var jar = new JarOutputStream(Files.newOutputStream(folder.resolve("gatehouse.jar")))) {
            Set<String> there = new HashSet<>();
            for (Class<?> each : new Class<?>[] {
                GatehouseExtension.class, Admission.class, DeviceId.class, Pem.class, JsonFactory.class
            }) {
                add(jar, there, origin(each));
            }
        }
    }

    /** A counter-example from the test sources: {@code main} and the other classes named, under that id and priority. */
    static void install(Path extensions, String id, int priority, Class<? extends ExtensionMain> main, Class<?>... more)
            throws IOException {
        Path folder = Files.createDirectories(extensions.resolve(id));
        Files.writeString(folder.resolve("hivemq-extension.xml"), """
                <hivemq-extension><id>%s</id><name>%s</name><version>1</version><priority>%d</priority>\
                <start-priority>1000</start-priority></hivemq-extension>
                """.formatted(id, id, priority));
        try (var jar = new JarOutputStream(Files.newOutputStream(folder.resolve(id + ".jar")))) {
            put(jar, SERVICE, main.getName().getBytes(StandardCharsets.UTF_8));
            Path classes = origin(main);
            for (var file : files(classes)) {
                String name = classes.relativize(file).toString();
                if (belongs(name, main) || Stream.of(more).anyMatch(each -> belongs(name, each))) {
                    put(jar, name, Files.readAllBytes(file));
                }
            }
        }
    }

    private static boolean belongs(String file, Class<?> type) {
        String path = type.getName().replace('.', '/');
        return file.equals(path + ".class") || file.startsWith(path + "$");
    }

    private static void add(JarOutputStream jar, Set<String> there, Path from) throws IOException {
        if (Files.isDirectory(from)) {
            for (var file : files(from)) {
                String name = from.relativize(file).toString();
                if (there.add(name)) {
                    put(jar, name, Files.readAllBytes(file));
                }
            }
            return;
        }
        try (var source = new JarFile(from.toFile())) {
            for (var entry : source.stream().filter(each -> !each.isDirectory()).toList()) {
                if (!entry.getName().startsWith("META-INF/") && there.add(entry.getName())) {
                    try (InputStream in = source.getInputStream(entry)) {
                        put(jar, entry.getName(), in.readAllBytes());
                    }
                }
            }
        }
    }

    private static Iterable<Path> files(Path directory) throws IOException {
        try (Stream<Path> tree = Files.walk(directory)) {
            return tree.filter(Files::isRegularFile).toList();
        }
    }

    private static void put(JarOutputStream jar, String name, byte[] bytes) throws IOException {
        jar.putNextEntry(new ZipEntry(name));
        jar.write(bytes);
        jar.closeEntry();
    }

    private static Path origin(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException broken) {
            throw new UncheckedIOException(new IOException(broken));
        }
    }
}
