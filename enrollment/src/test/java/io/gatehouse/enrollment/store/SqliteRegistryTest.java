package io.gatehouse.enrollment.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.enrollment.app.AuditTrail;
import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.EnrollmentRules;
import io.gatehouse.enrollment.app.domain.Fleet;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.port.RegistryUnavailable;
import io.gatehouse.enrollment.app.port.RegistryUnavailable.Cause;
import io.gatehouse.enrollment.app.port.Transaction;
import io.gatehouse.enrollment.app.port.View;
import io.gatehouse.enrollment.app.port.View.ChangeLine;
import io.gatehouse.identity.FleetKind;
import io.gatehouse.identity.FleetName;
import io.gatehouse.identity.FleetState;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.identity.policy.Policy;
import io.gatehouse.testkit.Await;
import io.gatehouse.testkit.MutableClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteRegistryTest {
    private static final Actor ACTOR = new Actor("test");

    @TempDir
    Path temp;

    private final MutableClock clock = MutableClock.at("2026-11-23T12:00:00Z");
    private Path file;
    private SqliteRegistry registry;

    @BeforeEach
    void open() {
        file = temp.resolve("data/gatehouse.db");
        registry = SqliteRegistry.open(file, clock, new SqliteRegistry.Limits(4, 2, 300));
    }

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void the_database_is_its_owners_alone() throws Exception {
        make("a");
        for (String name : List.of("gatehouse.db", "gatehouse.db-wal", "gatehouse.db-shm")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.resolveSibling(name))))
                    .as(name)
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void a_commit_is_written_through_before_it_is_answered() {
        assertThat(asked("PRAGMA synchronous")).isEqualTo("2");
        assertThat(asked("PRAGMA journal_mode")).isEqualTo("wal");
        assertThat(asked("PRAGMA foreign_keys")).isEqualTo("1");
    }

    @Test
    void what_was_written_is_there_after_opening_again() {
        make("a");
        long revision = position();
        registry.close();
        registry = SqliteRegistry.open(file, clock);

        assertThat(fleets()).containsExactly("a");
        assertThat(position()).isEqualTo(revision);
        make("b");
        assertThat(revisions()).containsExactly(1L, 2L);
        assertThat(new AuditTrail(registry).verify().holds()).isTrue();
    }

    @Test
    void a_unit_that_throws_leaves_nothing() {
        assertThatThrownBy(() -> registry.write(transaction -> {
                    save(transaction, "lost");
                    throw new IllegalArgumentException("on purpose");
                }))
                .isInstanceOf(IllegalArgumentException.class);
        make("a");

        assertThat(fleets()).containsExactly("a");
        assertThat(revisions()).containsExactly(1L);
        assertThat(new AuditTrail(registry).verify().entries()).isEqualTo(1);
    }

    @Test
    void a_unit_that_is_refused_leaves_nothing() {
        registry.write(transaction -> {
            save(transaction, "lost");
            return Outcome.refused(RefusalReason.CONFLICT);
        });

        assertThat(fleets()).isEmpty();
        assertThat(position()).isZero();
    }

    @Test
    void a_unit_that_breaks_a_rule_of_the_tables_loses_only_itself() {
        assertThatThrownBy(() -> registry.write(transaction -> {
                    save(transaction, "lost");
                    var none = io.gatehouse.identity.Fingerprint.sha256(new byte[0]);
                    transaction.insert(
                            new View.BrokerCertificate(
                                    none,
                                    io.gatehouse.identity.BrokerName.of("nobody"),
                                    clock.instant(),
                                    clock.instant()),
                            none);
                    return true;
                }))
                .isNotInstanceOf(RegistryUnavailable.class);
        assertThat(fleets()).isEmpty();
        make("a");
        assertThat(revisions()).containsExactly(1L);
    }

    @Test
    void units_that_wait_together_are_committed_together_and_one_failure_spares_the_others() {
        var gate = new CountDownLatch(1);
        var holder = CompletableFuture.runAsync(() -> registry.write(transaction -> await(gate)));
        var one = CompletableFuture.runAsync(() -> make("one"));
        var bad = CompletableFuture.runAsync(() -> registry.write(transaction -> {
            save(transaction, "bad");
            throw new IllegalStateException("on purpose");
        }));
        var two = CompletableFuture.runAsync(() -> make("two"));
        gate.countDown();
        holder.join();
        one.join();
        two.join();

        assertThat(bad).failsWithin(Duration.ofSeconds(20));
        assertThat(fleets()).containsExactly("one", "two");
        assertThat(revisions()).containsExactly(1L, 2L);
        assertThat(new AuditTrail(registry).verify().holds()).isTrue();
    }

    @Test
    void a_full_queue_is_busy_and_what_was_taken_is_done() {
        var gate = new CountDownLatch(1);
        var running = new CountDownLatch(1);
        var holder = CompletableFuture.runAsync(() -> registry.write(transaction -> {
            running.countDown();
            return await(gate);
        }));
        await(running);
        // One more than fit: whichever comes last is refused at once, while the others wait.
        var attempts = new ArrayList<CompletableFuture<Void>>();
        for (int i = 0; i < 5; i++) {
            String name = "f" + i;
            attempts.add(CompletableFuture.runAsync(() -> make(name), runner()));
        }
        Await.until(
                "one to be refused",
                Duration.ofSeconds(20),
                () -> attempts.stream().anyMatch(CompletableFuture::isDone));
        gate.countDown();
        holder.join();
        var taken = attempts.stream().filter(attempt -> !isBusy(attempt)).toList();

        assertThat(taken).hasSize(4);
        assertThat(fleets()).hasSize(4);
    }

    @Test
    void a_full_disk_changes_nothing_and_ends_by_itself() {
        make("a");
        String pages = asked("PRAGMA page_count");
        registry.writing().execute("PRAGMA max_page_count = " + pages);
        assertThatThrownBy(() -> registry.write(transaction -> {
                    transaction.audit(ACTOR, "fill", "x".repeat(1_000_000), Map.of());
                    return true;
                }))
                .isInstanceOfSatisfying(
                        RegistryUnavailable.class, e -> assertThat(e.kind()).isEqualTo(Cause.FULL));
        assertThat(fleets()).containsExactly("a");
        registry.writing().execute("PRAGMA max_page_count = 1000000");
        make("b");

        assertThat(revisions()).containsExactly(1L, 2L);
        assertThat(new AuditTrail(registry).verify().entries()).isEqualTo(2);
    }

    @Test
    void a_database_that_another_program_holds_is_locked_and_comes_back() throws Exception {
        make("a");
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            try (var statement = other.createStatement()) {
                statement.execute("BEGIN IMMEDIATE");
                assertThatThrownBy(() -> make("b"))
                        .isInstanceOfSatisfying(
                                RegistryUnavailable.class,
                                e -> assertThat(e.kind()).isEqualTo(Cause.LOCKED));
                assertThat(fleets()).containsExactly("a");
                statement.execute("ROLLBACK");
            }
        }
        make("b");
        assertThat(fleets()).containsExactly("a", "b");
    }

    @Test
    void a_file_that_is_no_database_is_said_so() throws Exception {
        var garbage = temp.resolve("garbage.db");
        Files.write(garbage, new byte[8192]);
        Files.writeString(garbage, "this is not a database, whatever its name says".repeat(100));

        assertThatThrownBy(() -> SqliteRegistry.open(garbage, clock))
                .isInstanceOfSatisfying(
                        RegistryUnavailable.class, e -> assertThat(e.kind()).isEqualTo(Cause.BROKEN));
    }

    @Test
    void a_closed_registry_says_so() {
        registry.close();

        assertThatThrownBy(() -> make("a"))
                .isInstanceOfSatisfying(
                        RegistryUnavailable.class, e -> assertThat(e.kind()).isEqualTo(Cause.CLOSED));
        registry = SqliteRegistry.open(file, clock);
    }

    @Test
    void a_reader_sees_one_state_while_writers_go_on() {
        make("a");
        registry.read(view -> {
            assertThat(view.fleets("", 10)).hasSize(1);
            CompletableFuture.runAsync(() -> make("b")).join();
            assertThat(view.fleets("", 10)).hasSize(1);
            assertThat(view.position().revision()).isEqualTo(1);
            return true;
        });
        assertThat(fleets()).hasSize(2);
    }

    @Test
    void listeners_hear_every_change_in_order_before_the_caller_does() {
        var heard = new ArrayList<ChangeLine>();
        registry.listen((changes, nanos) -> heard.addAll(changes));
        make("a");
        assertThat(heard).hasSize(1);
        make("b");

        assertThat(heard).extracting(ChangeLine::revision).containsExactly(1L, 2L);
        assertThat(heard.get(1).line()).endsWith((byte) '\n');
    }

    @Test
    void only_the_last_changes_are_kept() {
        for (int i = 0; i < 600; i++) {
            make("f" + i);
        }
        var kept = revisions();

        assertThat(kept.get(kept.size() - 1)).isEqualTo(600);
        assertThat(kept.size()).isBetween(300, 300 + 256);
        assertThat(registry.read(View::oldestChange)).isEqualTo(kept.get(0));
    }

    @Test
    void a_row_of_the_audit_that_was_changed_breaks_the_chain() {
        make("a");
        make("b");
        make("c");
        registry.writing().execute("UPDATE audit SET actor = 'nobody' WHERE seq = 2");
        assertThat(new AuditTrail(registry).verify().brokenAt()).contains(2L);
    }

    @Test
    void a_row_of_the_audit_that_was_taken_out_breaks_the_chain() {
        make("a");
        make("b");
        make("c");
        registry.writing().execute("DELETE FROM audit WHERE seq = 1");
        assertThat(new AuditTrail(registry).verify().brokenAt()).contains(1L);
    }

    @Test
    void the_audit_of_another_home_does_not_fit_here() {
        make("a");
        registry.writing().execute("UPDATE home SET name = 'another'");
        assertThat(new AuditTrail(registry).verify().brokenAt()).contains(1L);
    }

    private static boolean isBusy(CompletableFuture<Void> attempt) {
        return attempt.handle((done, failure) -> failure instanceof CompletionException wrapped
                        && wrapped.getCause() instanceof RegistryUnavailable busy
                        && busy.kind() == Cause.BUSY)
                .join();
    }

    private static java.util.concurrent.Executor runner() {
        return task -> new Thread(task).start();
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(20, java.util.concurrent.TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void make(String name) {
        registry.write(transaction -> {
            save(transaction, name);
            return true;
        });
    }

    private void save(Transaction transaction, String name) {
        transaction.save(new Fleet(
                FleetName.of(name),
                FleetKind.DEVICE,
                FleetState.ACTIVE,
                Duration.ofDays(1),
                1,
                Policy.NONE,
                EnrollmentRules.DEFAULT,
                1,
                clock.instant()));
        transaction.audit(ACTOR, "fleet.create", name, Map.of("kind", "device"));
    }

    private List<String> fleets() {
        return registry.read(view -> view.fleets("", 100)).stream()
                .map(fleet -> fleet.name().value())
                .toList();
    }

    private long position() {
        return registry.read(View::position).revision();
    }

    private List<Long> revisions() {
        var lines = registry.read(view -> view.changes(0, 10_000)).stream()
                .map(ChangeLine::revision)
                .toList();
        assertThat(lines)
                .containsExactlyElementsOf(LongStream.range(0, lines.size())
                        .mapToObj(i -> lines.get(0) + i)
                        .toList());
        return lines;
    }

    private String asked(String pragma) {
        var values = new ArrayList<String>();
        registry.writing().query(row -> row.getString(1), values::add, pragma);
        return values.get(0);
    }
}
