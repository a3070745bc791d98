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
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;

/**
 * Writes into a HiveMQ home as the user that it belongs to: 0600, whole or not at all, lasting when it returns. No folder on the way is one
 * that anybody else may write. Root may write for another user: then over no symbolic link, and a file is given away without following one.
 * What keeps that owner itself from exchanging its folders meanwhile is nothing: who does not trust it, runs as it. Immutable.
 */
final class NodeFolder {
    private final Path folder;
    private final UserPrincipal owner;
    private final GroupPrincipal group;
    private final boolean another;

    /** @param another whether the owner is another user than the one that writes, who then is root */
    private NodeFolder(Path folder, UserPrincipal owner, GroupPrincipal group, boolean another) {
        this.folder = folder;
        this.owner = owner;
        this.group = group;
        this.another = another;
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
        boolean another = !of.owner().equals(self);
        if (another && !self.equals(root())) {
            throw new NotEnrolled(home.root() + " belongs to " + of.owner().getName() + " and this command runs as "
                    + self.getName() + ": run it as " + of.owner().getName() + ", so that HiveMQ can read its keys");
        }
        NodeFolder node = new NodeFolder(home.gatehouse(), of.owner(), of.group(), another);
        node.requireSafe(home.root(), self);
        node.requireSafe(home.conf(), self);
        if (Files.exists(home.gatehouse(), LinkOption.NOFOLLOW_LINKS)) {
            node.requireSafe(home.gatehouse(), self);
        }
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

    private void requireSafe(Path directory, UserPrincipal self) throws IOException {
        if (another && !directory.toRealPath().equals(directory)) {
            throw new NotEnrolled(directory + " is reached over a symbolic link, which root does not follow for "
                    + owner.getName() + ": run this command as " + owner.getName());
        }
        PosixFileAttributes is = Files.readAttributes(directory, PosixFileAttributes.class);
        if (!is.isDirectory()) {
            throw new NotEnrolled(directory + " is no directory");
        }
        if (is.permissions().contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new NotEnrolled(
                    directory + " may be written by everybody, who could exchange the keys in it: run `chmod o-w "
                            + directory + "` first");
        }
        boolean third = !is.owner().equals(owner) && !is.owner().equals(self);
        if (another && (third || is.permissions().contains(PosixFilePermission.GROUP_WRITE))) {
            throw new NotEnrolled(directory + " may be written by others than " + owner.getName()
                    + ", so root writes nothing there: run this command as " + owner.getName());
        }
    }

    /** Whether this process writes for another user, and so removes nothing but what it has written. */
    boolean forAnother() {
        return another;
    }

    Path path(String name) {
        return folder.resolve(name);
    }

    /** Makes it where it is missing, for the owner alone. */
    void directory(Path directory) throws IOException {
        if (!Files.isDirectory(directory, links())) {
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

    private LinkOption[] links() {
        return another ? new LinkOption[] {LinkOption.NOFOLLOW_LINKS} : new LinkOption[0];
    }

    /** Gives the file itself, whatever it has become: a link in its place does not give away what it points at. */
    void give(Path file) throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (!view.readAttributes().owner().equals(owner)) {
            view.setOwner(owner);
            view.setGroup(group);
        }
    }
}
