package io.gatehouse.gateway.install;

import io.gatehouse.enrollment.config.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.UserPrincipal;

/**
 * Writes into a HiveMQ home as the user that it belongs to: 0600, whole or not at all, lasting when it returns. Only root can write for
 * another user. Immutable.
 */
final class NodeFolder {
    private final Path folder;
    private final UserPrincipal owner;
    private final GroupPrincipal group;

    private NodeFolder(Path folder, UserPrincipal owner, GroupPrincipal group) {
        this.folder = folder;
        this.owner = owner;
        this.group = group;
    }

    /**
     * Makes the folder {@code conf/gatehouse} of that home where it is missing. Throws {@link NotEnrolled}, with nothing changed, when
     * this process may not write there for the home's owner.
     */
    static NodeFolder of(HivemqHome home) throws IOException {
        return of(home, self());
    }

    /** @param self whom the files that this process writes belong to */
    static NodeFolder of(HivemqHome home, UserPrincipal self) throws IOException {
        PosixFileAttributes of = Files.readAttributes(home.root(), PosixFileAttributes.class);
        if (!of.owner().equals(self) && !self.equals(root())) {
            throw new NotEnrolled(home.root() + " belongs to " + of.owner().getName() + " and this command runs as "
                    + self.getName() + ": run it as " + of.owner().getName() + ", so that HiveMQ can read its keys");
        }
        NodeFolder node = new NodeFolder(home.gatehouse(), of.owner(), of.group());
        node.directory(home.gatehouse());
        return node;
    }

    /** Who owns what this process writes: the property {@code user.name} is only what somebody has set. */
    private static UserPrincipal self() throws IOException {
        Path probe = Files.createTempFile("gatehouse", null);
        try {
            return Files.getOwner(probe, LinkOption.NOFOLLOW_LINKS);
        } finally {
            Files.delete(probe);
        }
    }

    private static UserPrincipal root() throws IOException {
        return FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName("0");
    }

    Path path(String name) {
        return folder.resolve(name);
    }

    /** Makes it where it is missing, for the owner alone. */
    void directory(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            DurableFiles.directory(directory);
            give(directory);
            DurableFiles.flush(directory.resolveSibling("."));
        }
    }

    void write(Path file, String text) throws IOException {
        write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    void write(Path file, byte[] bytes) throws IOException {
        stage(file, bytes);
        promote(file);
    }

    /** Writes the bytes beside the file, where the extension looks when a power cut came between a key and its chain. */
    void stage(Path file, byte[] bytes) throws IOException {
        Path fresh = staged(file);
        Files.deleteIfExists(fresh);
        DurableFiles.secret(fresh, bytes);
        give(fresh);
    }

    void promote(Path file) throws IOException {
        DurableFiles.move(staged(file), file);
        DurableFiles.flush(file.resolveSibling("."));
    }

    private static Path staged(Path file) {
        return file.resolveSibling(file.getFileName() + ".new");
    }

    private void give(Path file) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (!view.readAttributes().owner().equals(owner)) {
            view.setOwner(owner);
            view.setGroup(group);
        }
    }
}
