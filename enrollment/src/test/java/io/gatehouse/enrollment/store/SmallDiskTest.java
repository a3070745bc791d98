package io.gatehouse.enrollment.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.enrollment.app.House;
import io.gatehouse.enrollment.app.port.RegistryUnavailable;
import io.gatehouse.enrollment.app.port.RegistryUnavailable.Cause;
import io.gatehouse.testkit.ProcessRun;
import io.gatehouse.testkit.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file system of four megabytes: what SQLite meets when the disk is really full. */
class SmallDiskTest {
    @TempDir
    Path temp;

    @Test
    void a_disk_that_fills_up_refuses_changes_nothing_and_goes_on_when_there_is_room() throws IOException {
        Tools.require("mount", "umount");
        var disk = Files.createDirectory(temp.resolve("disk"));
        var mounted = asRoot("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk.toString());
        Tools.requireThat(mounted.exit() == 0, "not granted: mount of a file system: " + mounted.both());
        try (var house = new House(disk.resolve("gatehouse.db")).withFleet()) {
            house.gadget("before").enrolled();
            var filler = disk.resolve("filler");
            fill(filler);
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 500; i++) {
                            house.gadget("during-" + i).enrolled();
                        }
                    })
                    .isInstanceOfSatisfying(
                            RegistryUnavailable.class, e -> assertThat(e.kind()).isEqualTo(Cause.FULL));
            // reading goes on, and what was answered is there
            long devices = house.audit.verify().entries();
            assertThat(house.audit.verify().holds()).isTrue();
            Files.delete(filler);
            house.gadget("after").enrolled();
            assertThat(house.audit.verify().holds()).isTrue();
            assertThat(house.audit.verify().entries()).isEqualTo(devices + 2);
        } finally {
            asRoot("umount", "-l", disk.toString()).ok();
        }
    }

    /** As {@code .ci/run} does: by sudo when this user is another, and without asking for a password. */
    private static ProcessRun.Result asRoot(String... command) {
        if (System.getProperty("user.name").equals("root")) {
            return ProcessRun.of(command).run();
        }
        Tools.require("sudo");
        return ProcessRun.of("sudo", "-n").with(command).run();
    }

    private static void fill(Path filler) throws IOException {
        try (var out = Files.newOutputStream(filler)) {
            byte[] block = new byte[4096];
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            assertThat(Files.size(filler)).isPositive();
        }
    }
}
