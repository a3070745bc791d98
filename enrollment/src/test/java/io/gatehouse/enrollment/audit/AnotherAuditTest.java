package io.gatehouse.enrollment.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.enrollment.app.domain.AuditCheck;
import io.gatehouse.enrollment.store.DatabaseFile;
import io.gatehouse.identity.Fingerprint;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.sql.DriverManager;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The chain fits, and it is not the one that the checkpoints kept elsewhere are about. */
class AnotherAuditTest {
    @TempDir
    Path temp;

    private AuditRig rig;
    private Path log;

    @BeforeEach
    void fill() throws IOException {
        rig = new AuditRig(temp.resolve("gatehouse.db"), 4);
        vouched(rig);
        log = log("log", rig);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void the_right_one_holds_by_its_key_and_its_log() throws IOException {
        assertThat(check(rig.file, rig.keys(), KnownCheckpoints.read(log)).problem())
                .isEmpty();
    }

    @Test
    void a_new_database_is_not_what_the_key_has_vouched_for() throws IOException {
        var file = temp.resolve("new.db");
        try (var begunAnew = new AuditRig(file, 4)) {
            begunAnew.acts(12);
        }

        var result = check(file, rig.keys(), KnownCheckpoints.read(log));

        assertThat(result.problem().orElseThrow())
                .contains("another audit")
                .contains(rig.elsewhere.get(0).key().hex());
        assertThat(result.brokenAt()).contains(1L);
    }

    @Test
    void a_new_database_whose_service_has_the_key_again_is_not_either() throws IOException {
        var file = temp.resolve("new.db");
        try (var begunAnew = new AuditRig(file, 4, rig.key)) {
            vouched(begunAnew);
            Files.write(log, begunAnew.elsewhereLines.toByteArray(), java.nio.file.StandardOpenOption.APPEND);
        }

        assertThat(check(file, rig.keys(), KnownCheckpoints.read(log)).problem().orElseThrow())
                .contains("another audit");
    }

    @Test
    void an_export_of_a_new_database_is_not_either() throws Exception {
        try (var begunAnew = new AuditRig(temp.resolve("new.db"), 4, rig.key)) {
            vouched(begunAnew);
            var result = new AuditFile(Optional.of(rig.keys()), KnownCheckpoints.read(log))
                    .verify(new ByteArrayInputStream(begunAnew.export()));
            assertThat(result.problem().orElseThrow()).contains("another audit");
        }
    }

    @Test
    void a_chain_computed_anew_under_another_name_is_found_by_the_log_and_by_the_key_that_was_given() throws Exception {
        var copy = temp.resolve("copy.db");
        DatabaseFile.copy(rig.file, copy);
        sql(copy, "UPDATE home SET name = 'another'");
        sql(copy, "DELETE FROM audit_checkpoint");
        sql(copy, "DELETE FROM audit_key");
        sql(copy, "DELETE FROM audit");
        try (var forger = new AuditRig(copy, 1000)) {
            forger.acts(12);
        }

        assertThat(check(copy, rig.keys(), KnownCheckpoints.read(log)).problem().orElseThrow())
                .contains("another audit");
        assertThat(check(copy, rig.keys(), KnownCheckpoints.none()).problem().orElseThrow())
                .contains("no checkpoint of a key that was given");
    }

    @Test
    void a_row_that_the_log_misses_is_named_although_the_database_has_no_checkpoints_any_more() throws Exception {
        var copy = temp.resolve("copy.db");
        DatabaseFile.copy(rig.file, copy);
        sql(copy, "DELETE FROM audit_checkpoint");
        sql(copy, "DELETE FROM audit WHERE seq > 10");

        var result = check(copy, rig.keys(), KnownCheckpoints.read(log));

        assertThat(result.brokenAt()).contains(11L);
        assertThat(result.problem().orElseThrow()).contains("kept elsewhere").contains("vouches for 12");
    }

    @Test
    void a_home_that_shares_the_log_and_the_file_of_keys_accuses_nobody() throws IOException {
        try (var neighbour = new AuditRig(temp.resolve("neighbour.db"), 4)) {
            vouched(neighbour);
            Files.write(log, neighbour.elsewhereLines.toByteArray(), java.nio.file.StandardOpenOption.APPEND);
            var both = new HashMap<Fingerprint, PublicKey>(rig.keys());
            assertThat(check(rig.file, rig.keys(), KnownCheckpoints.read(log)).problem())
                    .as("by its own key")
                    .isEmpty();
            both.putAll(neighbour.keys());
            assertThat(check(rig.file, both, KnownCheckpoints.read(log)).problem())
                    .as("by both keys")
                    .isEmpty();
        }
    }

    @Test
    void a_checkpoint_of_another_audit_that_somebody_made_up_accuses_nobody() throws IOException {
        var line = rig.elsewhereLines
                .toString(java.nio.charset.StandardCharsets.UTF_8)
                .lines()
                .findFirst()
                .orElseThrow();
        var genesis = rig.registry.read(view -> view.auditGenesis()).hex();
        Files.writeString(log, line.replace(genesis, "00".repeat(32)) + "\n", java.nio.file.StandardOpenOption.APPEND);

        assertThat(check(rig.file, rig.keys(), KnownCheckpoints.read(log)).problem())
                .isEmpty();
    }

    @Test
    void a_log_with_which_nothing_can_be_compared_shows_nothing() throws IOException {
        Files.writeString(log, "Nov 23 12:00:00 host sshd: nothing of ours\n");

        var result = check(rig.file, rig.keys(), KnownCheckpoints.read(log));

        assertThat(result.problem().orElseThrow()).contains("nothing can be compared");
        assertThat(result.brokenAt()).isEmpty();
    }

    private static void vouched(AuditRig rig) {
        rig.acts(12);
        rig.checkpoints.look();
        rig.checkpoints.copy();
    }

    private Path log(String name, AuditRig of) throws IOException {
        return Files.write(temp.resolve(name), of.elsewhereLines.toByteArray());
    }

    private static AuditCheck.Result check(Path file, Map<Fingerprint, PublicKey> keys, KnownCheckpoints known) {
        return DatabaseFile.read(
                file, view -> new AuditDatabase(Optional.of(keys), known, true).verify(view, Optional.empty()));
    }

    private static void sql(Path file, String statement) throws Exception {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var change = connection.createStatement()) {
            change.execute(statement);
        }
    }
}
