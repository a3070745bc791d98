package io.gatehouse.gateway.install;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Our extension in the {@code extensions} folder of a HiveMQ home, put there exactly as an operator does: by unpacking its zip. */
final class Extension {
    private static final String FOLDER = "gatehouse";

    private Extension() {}

    /** Replaces the folder {@code gatehouse} by what the zip holds; a mark that HiveMQ had left to disable it goes with the old one. */
    static void install(Path zip, Path extensions) throws IOException {
        Path next = extensions.resolveSibling(".extension.new");
        Trees.delete(next);
        unpack(zip, next);
        Path folder = extensions.resolve(FOLDER);
        Files.createDirectories(extensions);
        Trees.delete(folder);
        Files.move(next.resolve(FOLDER), folder);
        Trees.delete(next);
    }

    private static void unpack(Path zip, Path target) throws IOException {
        try (InputStream file = Files.newInputStream(zip);
                ZipInputStream entries = new ZipInputStream(new BufferedInputStream(file))) {
            ZipEntry entry;
            while ((entry = entries.getNextEntry()) != null) {
                Path path = target.resolve(entry.getName()).normalize();
                if (!path.startsWith(target)) {
                    throw new IOException("an entry of " + zip + " leaves its folder");
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                } else {
                    Files.createDirectories(path.getParent());
                    Files.copy(entries, path);
                }
            }
        }
    }
}
