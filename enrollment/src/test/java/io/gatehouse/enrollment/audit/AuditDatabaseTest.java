package io.gatehouse.enrollment.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.enrollment.app.domain.AuditCheck;
import io.gatehouse.enrollment.store.DatabaseFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditDatabaseTest {
    @TempDir
    Path temp;

    private Path copy;
    private AuditRig rig;

    @BeforeEach
    void fill() {
        copy = temp.resolve("copy.db");
        try (var open = new AuditRig(temp.resolve("gatehouse.db"), 4)) {
            rig = open;
            for (int i = 0; i < 3; i++) {
                open.acts(4);
                open.checkpoints.look();
            }
            // while the service has it open
            DatabaseFile.copy(rig.file, copy);
            assertThat(check(rig.file).problem()).isEmpty();
        }
    }

    private AuditCheck.Result check(Path file) {
        var damage = DatabaseFile.damageOfAudit(file);
        return DatabaseFile.read(
                file,
                view -> new AuditDatabase(Optional.of(rig.keys()), KnownCheckpoints.none(), false)
                        .verify(view, damage));
    }

    private void sql(String statement) throws Exception {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + copy);
                var change = connection.createStatement()) {
            change.execute(statement);
        }
    }

    @Test
    void a_copy_that_nobody_touched_is_intact() {
        var result = check(copy);
        assertThat(result.problem()).isEmpty();
        assertThat(result.entries()).isEqualTo(12);
        assertThat(result.vouchedFor()).isEqualTo(12);
    }

    @Test
    void one_byte_changed_in_an_entry_is_found_and_named() throws Exception {
        byte[] bytes = Files.readAllBytes(copy);
        var text = new String(bytes, StandardCharsets.ISO_8859_1);
        int at = text.indexOf("device.revoke");
        int found = 0;
        for (; at >= 0; at = text.indexOf("device.revoke", at + 1)) {
            byte[] other = bytes.clone();
            other[at] ^= 1;
            Files.write(copy, other);
            assertThat(check(copy).brokenAt()).as("byte " + at).isPresent();
            found++;
        }
        assertThat(found).isGreaterThanOrEqualTo(12);
    }

    @Test
    void rows_that_are_removed_moved_or_changed_are_named() throws Exception {
        sql("DELETE FROM audit WHERE seq = 7");
        assertThat(check(copy).brokenAt()).contains(7L);
        sql("UPDATE audit SET seq = 7 WHERE seq = 8");
        assertThat(check(copy).brokenAt()).contains(7L);
        sql("UPDATE audit SET actor = 'nobody' WHERE seq = 3");
        assertThat(check(copy).brokenAt()).contains(3L);
        sql("UPDATE audit SET hash = x'00' WHERE seq = 2");
        assertThat(check(copy).brokenAt()).contains(2L);
    }

    @Test
    void a_tail_that_was_cut_off_is_missed_by_the_last_checkpoint() throws Exception {
        sql("DELETE FROM audit WHERE seq > 10");
        var result = check(copy);
        assertThat(result.brokenAt()).contains(11L);
        assertThat(result.problem().orElseThrow()).contains("vouches for 12");
    }

    @Test
    void a_chain_that_was_computed_anew_does_not_fit_its_checkpoints() throws Exception {
        sql("DELETE FROM audit WHERE seq > 2");
        sql("UPDATE audit_checkpoint SET seq = 2 WHERE seq = 4");
        assertThat(check(copy).holds()).isFalse();
        sql("DELETE FROM audit_checkpoint");
        assertThat(check(copy).problem().orElseThrow()).contains("checkpoints were taken away");
        sql("DELETE FROM audit_key");
        // nothing is left in the file that knows: this is what copies elsewhere are for
        assertThat(check(copy).holds()).isTrue();
        assertThat(check(copy).warning(4).orElseThrow()).contains("no checkpoint vouches for any entry");
    }
}
