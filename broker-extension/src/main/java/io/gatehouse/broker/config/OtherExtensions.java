package io.gatehouse.broker.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Finds extensions beside ours that authenticate clients: HiveMQ takes the first answer of any of them, so one of them could let in
 * whom we would refuse (HiveMQ's own download brings one that allows everybody).
 */
public final class OtherExtensions {
    private static final List<byte[]> TELLTALES = List.of(
            "setAuthenticatorProvider".getBytes(StandardCharsets.US_ASCII),
            "setEnhancedAuthenticatorProvider".getBytes(StandardCharsets.US_ASCII));
    private static final int LARGEST_CLASS = 4 * 1024 * 1024;

    private OtherExtensions() {}

    /**
     * The folders with an enabled extension that authenticates. A class that can register an authenticator names the
     * SDK's method in its constant pool; a jar that cannot be read counts as one that does.
     */
    public static List<Path> authenticating(Path extensionsFolder, Path ours) {
        if (!Files.isDirectory(extensionsFolder)) {
            return List.of();
        }
        Path own = ours.toAbsolutePath().normalize();
        try (Stream<Path> folders = Files.list(extensionsFolder)) {
            return folders.map(folder -> folder.toAbsolutePath().normalize())
                    .filter(folder -> !folder.equals(own))
                    .filter(OtherExtensions::enabled)
                    .filter(OtherExtensions::authenticates)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether HiveMQ may ask it before ours, which has the highest priority there is; also when nobody can tell. */
    public static boolean isAskedBeforeOurs(Path folder) {
        try {
            var root = XmlFile.root(folder.resolve("hivemq-extension.xml"), "hivemq-extension");
            for (var priority : XmlFile.children(root, "priority")) {
                return Integer.parseInt(XmlFile.text(priority)) == Integer.MAX_VALUE;
            }
            return false;
        } catch (UnsafeConfigurationException | NumberFormatException e) {
            return true;
        }
    }

    private static boolean enabled(Path folder) {
        return Files.exists(folder.resolve("hivemq-extension.xml")) && !Files.exists(folder.resolve("DISABLED"));
    }

    private static boolean authenticates(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar")).anyMatch(OtherExtensions::jarAuthenticates);
        } catch (IOException e) {
            return true;
        }
    }

    private static boolean jarAuthenticates(Path jar) {
        try (var zip = new ZipFile(jar.toFile())) {
            for (var entry : Collections.list(zip.entries())) {
                if (entry.getName().endsWith(".class") && classAuthenticates(zip, entry)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private static boolean classAuthenticates(ZipFile zip, ZipEntry entry) throws IOException {
        try (var in = zip.getInputStream(entry)) {
            byte[] bytes = in.readNBytes(LARGEST_CLASS);
            return TELLTALES.stream().anyMatch(telltale -> contains(bytes, telltale));
        }
    }

    private static boolean contains(byte[] bytes, byte[] wanted) {
        for (int at = 0; at <= bytes.length - wanted.length; at++) {
            int same = 0;
            while (same < wanted.length && bytes[at + same] == wanted[same]) {
                same++;
            }
            if (same == wanted.length) {
                return true;
            }
        }
        return false;
    }
}
