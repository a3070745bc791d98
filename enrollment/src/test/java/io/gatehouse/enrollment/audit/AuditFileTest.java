package io.gatehouse.enrollment.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.gatehouse.enrollment.app.domain.AuditCheck;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditFileTest {
    @TempDir
    Path temp;

    private AuditRig rig() {
        return new AuditRig(temp.resolve("gatehouse.db"), 4);
    }

    private static AuditCheck.Result check(AuditRig rig, byte[] export) throws Exception {
        return new AuditFile(Optional.of(rig.keys()), KnownCheckpoints.none()).verify(new ByteArrayInputStream(export));
    }

    private static byte[] changed(byte[] export, Consumer<List<String>> change) {
        var lines = new ArrayList<>(List.of(new String(export, StandardCharsets.UTF_8).split("(?<=\n)")));
        change.accept(lines);
        return String.join("", lines).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] filled(AuditRig rig) throws Exception {
        for (int i = 0; i < 3; i++) {
            rig.acts(4);
            rig.checkpoints.look();
        }
        rig.acts(2);
        return rig.export();
    }

    @Test
    void an_export_holds_every_entry_and_ends_with_a_checkpoint_of_the_last() throws Exception {
        try (var rig = rig()) {
            var export = filled(rig);
            var result = check(rig, export);
            assertThat(result.problem()).isEmpty();
            assertThat(result.entries()).isEqualTo(14);
            assertThat(result.checkpoints()).isEqualTo(4);
            assertThat(result.vouchedFor()).isEqualTo(14);
            var byItself = new AuditFile(Optional.empty(), KnownCheckpoints.none());
            assertThat(byItself.verify(new ByteArrayInputStream(export)).holds())
                    .isTrue();
            assertThat(byItself.keys()).isEqualTo(rig.keys());
        }
    }

    @Test
    void one_byte_changed_anywhere_is_found() throws Exception {
        try (var rig = rig()) {
            rig.acts(2);
            byte[] export = rig.export();
            assertThat(check(rig, export).holds()).isTrue();
            for (int i = 0; i < export.length; i++) {
                byte[] other = export.clone();
                other[i] ^= 1;
                assertThat(check(rig, other).holds()).as("byte " + i).isFalse();
            }
        }
    }

    @Test
    void a_bit_that_no_byte_of_a_signature_uses_is_not_free_to_change() {
        assertThat(AuditLines.base64("nt0=")).containsExactly(0x9e, 0xdd);
        assertThatIllegalArgumentException().isThrownBy(() -> AuditLines.base64("nt1="));
        assertThatIllegalArgumentException().isThrownBy(() -> AuditLines.base64("nt0"));
    }

    @Test
    void the_first_broken_entry_is_named() throws Exception {
        try (var rig = rig()) {
            byte[] export = filled(rig);
            // line 0 is the head, and a checkpoint stands behind entries 4, 8 and 12
            assertThat(brokenAt(rig, changed(export, lines -> lines.remove(3)))).contains(3L);
            assertThat(brokenAt(rig, changed(export, lines -> Collections.swap(lines, 6, 7))))
                    .contains(5L);
            assertThat(brokenAt(
                            rig,
                            changed(export, lines -> lines.set(7, lines.get(7).replace("admin", "nimda")))))
                    .contains(6L);
            assertThat(brokenAt(
                            rig,
                            changed(
                                    export,
                                    lines -> lines.subList(12, lines.size()).clear())))
                    .contains(10L);
            assertThat(brokenAt(
                            rig,
                            changed(
                                    export,
                                    lines -> lines.subList(12, lines.size() - 1).clear())))
                    .contains(10L);
            assertThat(brokenAt(rig, new byte[0])).contains(1L);
        }
    }

    private static Optional<Long> brokenAt(AuditRig rig, byte[] export) throws Exception {
        return check(rig, export).brokenAt();
    }

    @Test
    void what_was_written_anew_with_another_key_is_not_believed() throws Exception {
        byte[] forged;
        try (var another = new AuditRig(temp.resolve("forged.db"), 4)) {
            forged = filled(another);
        }
        try (var rig = rig()) {
            assertThat(check(rig, forged).problem())
                    .hasValueSatisfying(why -> assertThat(why).contains("unknown key"));
        }
    }

    @Test
    void checkpoints_kept_elsewhere_show_that_a_tail_was_cut_off_and_that_rows_were_written_anew() throws Exception {
        var log = temp.resolve("log");
        try (var rig = rig()) {
            byte[] before = filled(rig);
            rig.acts(5);
            rig.checkpoints.now();
            rig.checkpoints.copy();
            // as rsyslog writes it, with a line of somebody else
            var lines = new String(rig.elsewhereLines.toByteArray(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            Files.writeString(
                    log,
                    "Nov 23 12:00:00 host sshd: {\"checkpoint\":false}\nNov 23 12:00:01 host gatehouse - - "
                            + String.join("\nNov 23 12:00:01 host gatehouse - - ", lines) + "\n");
            var known = KnownCheckpoints.read(log);
            var whole = new AuditFile(Optional.of(rig.keys()), known).verify(new ByteArrayInputStream(rig.export()));
            assertThat(whole.problem()).isEmpty();
            assertThat(known.compared()).isEqualTo(lines.size());
            var cut = new AuditFile(Optional.of(rig.keys()), KnownCheckpoints.read(log))
                    .verify(new ByteArrayInputStream(before));
            assertThat(cut.brokenAt()).contains(15L);
            // a checkpoint that somebody made up discredits nothing
            Files.writeString(
                    log, lines.get(0) + "\n" + lines.get(0).replace("\"checkpoint\":4", "\"checkpoint\":99") + "\n");
            var madeUp = new AuditFile(Optional.of(rig.keys()), KnownCheckpoints.read(log))
                    .verify(new ByteArrayInputStream(before));
            assertThat(madeUp.holds()).isTrue();
        }
    }

    @Test
    void openssl_agrees_with_the_signature_of_a_checkpoint() throws Exception {
        io.gatehouse.testkit.Tools.require("openssl");
        try (var rig = rig()) {
            rig.acts(3);
            var checkpoint = rig.checkpoints.now().orElseThrow();
            var genesis = rig.registry.read(view -> view.auditGenesis());
            Files.writeString(
                    temp.resolve("audit.pem"),
                    io.gatehouse.x509.Pem.write(
                            "PUBLIC KEY", rig.key.publicKey().getEncoded()));
            Files.write(temp.resolve("signature"), checkpoint.signature());
            Files.writeString(
                    temp.resolve("statement"),
                    String.join(
                            "\n",
                            "gatehouse audit checkpoint 1",
                            "genesis " + genesis,
                            "epoch " + checkpoint.epoch(),
                            "seq 3",
                            "head " + checkpoint.head(),
                            "time " + checkpoint.time().toEpochMilli(),
                            ""));
            var judged = io.gatehouse.testkit.ProcessRun.of(List.of(
                            "openssl",
                            "dgst",
                            "-sha256",
                            "-verify",
                            temp.resolve("audit.pem").toString(),
                            "-signature",
                            temp.resolve("signature").toString(),
                            temp.resolve("statement").toString()))
                    .run();
            assertThat(judged.out()).contains("Verified OK");
        }
    }

    @Test
    void lines_are_written_in_one_way_only() {
        assertThat(Arrays.stream(new String[] {"[]", "", "{\"seq\":1,\"seq\":2}", "{} {}"}))
                .allSatisfy(line -> org.assertj.core.api.Assertions.assertThatIllegalArgumentException()
                        .isThrownBy(() -> AuditLines.parse(line.getBytes(StandardCharsets.UTF_8))));
    }
}
