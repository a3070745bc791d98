package io.gatehouse.enrollment.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.store.DatabaseFile;
import io.gatehouse.enrollment.store.RestoredDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a service leaves behind the last checkpoint raises no alarm, wherever it was stopped or copied; more than that is told of. */
class EntriesWithoutCheckpointTest {
    private static final long EVERY = 4;

    @TempDir
    Path temp;

    private AuditRig rig;

    @BeforeEach
    void open() {
        rig = new AuditRig(temp.resolve("gatehouse.db"), EVERY);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void a_home_in_which_nothing_happened_yet_is_as_it_should_be() {
        assertThat(warning(rig.file)).isEmpty();
    }

    @Test
    void a_service_that_was_killed_or_copied_while_it_was_busy_is_as_it_should_be() {
        rig.acts(1);
        rig.checkpoints.look();

        burst((int) EVERY + 1000);

        assertThat(warning(rig.file)).isEmpty();
        burst(1);
        assertThat(warning(rig.file))
                .hasValueSatisfying(text -> assertThat(text)
                        .contains("the entries after 1, 1005 within 0 minutes: a service makes one after 4 entries"));
        rig.checkpoints.look();
        assertThat(warning(rig.file)).isEmpty();
    }

    @Test
    void a_service_that_was_killed_right_after_the_first_act_of_the_day_is_as_it_should_be() {
        rig.acts(1);
        rig.checkpoints.look();
        rig.clock.advance(Duration.ofHours(9));

        rig.acts(1);

        assertThat(warning(rig.file)).isEmpty();
    }

    @Test
    void what_was_written_over_more_than_an_hour_without_a_checkpoint_is_told_of() {
        rig.acts(1);
        rig.checkpoints.look();
        rig.acts(1);
        rig.clock.advance(Duration.ofMinutes(62));
        rig.acts(1);

        assertThat(warning(rig.file))
                .hasValueSatisfying(text -> assertThat(text).contains("2 within 62 minutes"));
    }

    @Test
    void the_backup_of_a_busy_home_that_is_restored_a_week_later_is_as_it_should_be() {
        rig.acts(1);
        rig.checkpoints.look();
        rig.acts(2);
        var restored = temp.resolve("restored.db");
        DatabaseFile.copy(rig.file, restored);
        var backupAt = rig.clock.instant();
        rig.clock.advance(Duration.ofDays(7));

        RestoredDatabase.begin(restored, backupAt, rig.clock.instant(), rig.clock);

        assertThat(warning(restored)).isEmpty();
    }

    @Test
    void entries_without_any_checkpoint_are_told_of() {
        rig.acts(1);

        assertThat(warning(rig.file))
                .hasValueSatisfying(text -> assertThat(text).contains("no checkpoint vouches for any entry"));
    }

    private void burst(int many) {
        rig.registry.write(transaction -> {
            for (int i = 0; i < many; i++) {
                transaction.audit(new Actor("admin"), "device.import", "d-" + i, Map.of());
            }
            return true;
        });
    }

    private Optional<String> warning(Path file) {
        var result = DatabaseFile.read(
                file,
                view -> new AuditDatabase(Optional.of(rig.keys()), KnownCheckpoints.none(), false)
                        .verify(view, Optional.empty()));
        assertThat(result.problem()).isEmpty();
        return result.warning(EVERY);
    }
}
