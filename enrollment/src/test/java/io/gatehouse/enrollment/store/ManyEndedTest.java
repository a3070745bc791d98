package io.gatehouse.enrollment.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.admission.feed.Entry;
import io.gatehouse.admission.feed.FeedCodec;
import io.gatehouse.admission.feed.FeedLine;
import io.gatehouse.admission.feed.Parsed;
import io.gatehouse.enrollment.app.EndedCertificates;
import io.gatehouse.enrollment.app.House;
import io.gatehouse.enrollment.app.StepWatch;
import io.gatehouse.testkit.MutableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Very many certificates that ended in the same second, as those of an import do. */
class ManyEndedTest {
    private static final int MANY = Boolean.getBoolean("gatehouse.long") ? 1_000_000 : 20_250;
    private static final int AT_ONCE = 500;
    private static final int LONGEST_LINE = 1024 * 1024;

    @TempDir
    Path temp;

    private final AtomicLong nanos = new AtomicLong();

    @Test
    void they_leave_and_come_back_in_bounded_batches_of_bounded_work() {
        try (var house = new House(temp.resolve("gatehouse.db")).withFleet()) {
            house.gadget("pump-1").enrolled();
            var clock = MutableClock.at(house.clock.instant());
            house.registry.write(transaction -> {
                copies(((SqliteView) transaction).db);
                return true;
            });
            var ended = new EndedCertificates(house.registry, clock, nanos::get);
            clock.advance(Duration.ofDays(100));
            ended.step();
            nanos.addAndGet(Duration.ofDays(1).toNanos());
            clock.advance(Duration.ofDays(1));

            long before = position(house);
            long slowest = walk(ended);
            assertThat(position(house) - before).isEqualTo(1 + MANY / AT_ONCE);
            bounded(house, before, Entry.CertificateRemoved.class);

            clock.advance(Duration.ofDays(-101));
            before = position(house);
            slowest = Math.max(slowest, walk(ended));
            assertThat(position(house) - before).isEqualTo(1 + MANY / AT_ONCE);
            bounded(house, before, Entry.CertificateEntry.class);
            System.out.println(MANY + " certificates out and back, the slowest step: " + Duration.ofNanos(slowest));
        }
    }

    @Test
    void the_watch_rests_nine_times_as_long_as_a_step_takes() {
        try (var house = new House(temp.resolve("gatehouse.db")).withFleet()) {
            var pauses = new ArrayDeque<Duration>();
            var tasks = new ArrayDeque<Runnable>();
            var ended = new EndedCertificates(house.registry, house.clock, () -> nanos.addAndGet(1_000_000_000));
            new StepWatch(
                            "ended certificates",
                            ended::step,
                            9,
                            (pause, task) -> {
                                pauses.add(pause);
                                tasks.add(task);
                            },
                            nanos::get)
                    .start();
            tasks.remove().run();
            house.close();
            tasks.remove().run();

            assertThat(pauses)
                    .as("also after the registry went away")
                    .containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(9), Duration.ofSeconds(9));
        }
    }

    /** Steps until nothing is left; how long the slowest took. */
    private static long walk(EndedCertificates ended) {
        long slowest = 0;
        boolean more = true;
        while (more) {
            long begin = System.nanoTime();
            more = ended.step();
            long took = System.nanoTime() - begin;
            slowest = Math.max(slowest, took);
        }
        return slowest;
    }

    private static void bounded(House house, long after, Class<? extends Entry> kind) {
        for (long at = after; at < position(house); at++) {
            long from = at;
            byte[] line =
                    house.registry.read(view -> view.changes(from, 1)).get(0).line();
            assertThat(line.length).isLessThan(LONGEST_LINE);
            var change = (FeedLine.Change) ((Parsed.Value<FeedLine>) FeedCodec.read(line)).value();
            assertThat(change.entries()).hasSizeLessThanOrEqualTo(AT_ONCE).hasOnlyElementsOfType(kind);
        }
    }

    private static long position(House house) {
        return house.registry.read(view -> view.position()).revision();
    }

    /** Of the one that is there. */
    private static void copies(Sql db) {
        db.execute(
                "INSERT INTO certificate (sha256, device_id, issuer, serial, state, not_before, not_after, issued_at,"
                        + " key_sha256, key_barred, proof, retired)"
                        + " WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + (MANY - 1)
                        + ")"
                        + " SELECT randomblob(32), c.device_id, c.issuer, randomblob(16), c.state, c.not_before, c.not_after,"
                        + " c.issued_at, randomblob(32), 0, c.proof, 0 FROM n, certificate c WHERE c.id = 1");
    }
}
