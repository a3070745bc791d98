package io.gatehouse.gateway.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeFolderTest {
    @TempDir
    private Path directory;

    private HivemqHome home;

    @BeforeEach
    void unpack() throws IOException {
        home = new HivemqHome(directory.toRealPath().resolve("hivemq"));
        Files.createDirectories(home.root().resolve("conf"));
    }

    @Test
    void whose_files_they_are_is_told_by_a_file_and_not_by_a_property() throws IOException {
        String name = System.setProperty("user.name", "somebody-else");
        try {
            NodeFolder.of(home).write(home.gatehouse().resolve("feed.key"), "k");
        } finally {
            System.setProperty("user.name", name);
        }
        assertThat(Files.getOwner(home.gatehouse().resolve("feed.key"))).isEqualTo(Files.getOwner(home.root()));
    }

    @Test
    void who_is_neither_the_owner_nor_root_is_told_whom_to_run_it_as() throws IOException {
        UserPrincipal stranger = user("4242");
        String name =
                System.setProperty("user.name", Files.getOwner(home.root()).getName());
        try {
            assertThatThrownBy(() -> NodeFolder.of(home, stranger))
                    .isInstanceOf(NotEnrolled.class)
                    .hasMessageContaining("run it as " + Files.getOwner(home.root()));
        } finally {
            System.setProperty("user.name", name);
        }
        assertThat(home.gatehouse()).doesNotExist();
    }

    @Test
    void root_gives_the_owner_what_it_writes() throws IOException {
        givenToAnother();
        NodeFolder.of(home).write(home.gatehouse().resolve("feed.key"), "k");

        assertThat(Files.getOwner(home.gatehouse())).isEqualTo(user("4242"));
        assertThat(Files.getOwner(home.gatehouse().resolve("feed.key"))).isEqualTo(user("4242"));
    }

    @Test
    void a_link_in_place_of_a_file_does_not_give_away_what_it_points_at() throws IOException {
        givenToAnother();
        NodeFolder folder = NodeFolder.of(home);
        Path target = Files.createFile(directory.resolve("of-root"));
        Path link = Files.createSymbolicLink(home.gatehouse().resolve("feed.key.new"), target);
        folder.give(link);

        assertThat(Files.getOwner(target)).isEqualTo(user("0"));
        assertThat(Files.getOwner(link, LinkOption.NOFOLLOW_LINKS)).isEqualTo(user("4242"));
    }

    @Test
    void root_writes_over_no_link_for_another_user() throws IOException {
        givenToAnother();
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        Files.createSymbolicLink(home.gatehouse(), elsewhere);
        refused("symbolic link");

        Files.delete(home.gatehouse());
        Files.move(home.conf(), directory.resolve("conf"));
        Files.createSymbolicLink(home.conf(), directory.resolve("conf"));
        refused("symbolic link");
        assertThat(elsewhere).isEmptyDirectory();
        assertThat(directory.resolve("conf")).isEmptyDirectory();
    }

    @Test
    void root_writes_nothing_where_a_third_one_could_exchange_it() throws IOException {
        givenToAnother();
        mode(home.conf(), "rwxrwxr-x");
        refused("by others than");

        mode(home.conf(), "rwxr-xr-x");
        Files.setOwner(home.conf(), user("4343"));
        refused("by others than");
        assertThat(home.gatehouse()).doesNotExist();
    }

    @Test
    void a_folder_that_everybody_may_write_is_refused_with_the_remedy() throws IOException {
        for (Path open : List.of(home.root(), home.conf())) {
            mode(open, "rwxr-xrwx");
            refused("chmod o-w " + open);
            mode(open, "rwxr-xr-x");
        }
        assertThat(home.gatehouse()).doesNotExist();
        NodeFolder.of(home);
        mode(home.gatehouse(), "rwx----w-");
        refused("chmod o-w " + home.gatehouse());
    }

    @Test
    void the_owner_itself_may_have_links_and_a_group() throws IOException {
        mode(home.conf(), "rwxrwxr-x");
        Path real = Files.createDirectory(directory.resolve("real"));
        Files.createSymbolicLink(home.gatehouse(), real);
        NodeFolder.of(home).write(home.gatehouse().resolve("feed.key"), "k");

        assertThat(real.resolve("feed.key")).hasContent("k");
    }

    private void refused(String why) {
        assertThatThrownBy(() -> NodeFolder.of(home))
                .isInstanceOf(NotEnrolled.class)
                .hasMessageContaining(why);
    }

    private static void mode(Path folder, String permissions) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(permissions));
    }

    /** Only root can. */
    private void givenToAnother() throws IOException {
        assumeThat(Files.getOwner(home.root())).isEqualTo(user("0"));
        Files.setOwner(home.root(), user("4242"));
        Files.setOwner(home.conf(), user("4242"));
    }

    private static UserPrincipal user(String id) throws IOException {
        return FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(id);
    }
}
