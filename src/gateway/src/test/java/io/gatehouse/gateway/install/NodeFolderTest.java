package io.gatehouse.gateway.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
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
        String name = System.setProperty("user.name", Files.getOwner(home.root()).getName());
        try {
            assertThatThrownBy(() -> NodeFolder.of(home, stranger))
                    .isInstanceOf(NotEnrolled.class)
                    .hasMessageContaining("run it as " + Files.getOwner(home.root()));
        } finally {
            System.setProperty("user.name", name);
        }
        assertThat(home.gatehouse()).doesNotExist();
    }

    private static UserPrincipal user(String id) throws IOException {
        return FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(id);
    }
}
