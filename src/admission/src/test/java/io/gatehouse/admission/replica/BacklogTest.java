package io.gatehouse.admission.replica;

import static io.gatehouse.admission.Directories.NOW;
import static io.gatehouse.admission.Directories.device;
import static io.gatehouse.admission.Directories.fleet;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.admission.StalledDisk;
import io.gatehouse.admission.feed.Entry;
import io.gatehouse.admission.feed.FeedCodec;
import io.gatehouse.admission.feed.FeedLine.Change;
import io.gatehouse.testkit.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BacklogTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    @Test
    void takes_as_many_bytes_as_it_has_room_for_and_says_where_something_is_missing() throws InterruptedException {
        var backlog = new Backlog();
        var tables = new Tables();
        for (int i = 1; i <= 40; i++) {
            backlog.add(new Backlog.Append(new byte[1 << 20], i, tables));
        }
        int taken = 0;
        var task = backlog.poll(0);
        for (; task instanceof Backlog.Append; task = backlog.poll(0)) {
            taken++;
        }
        assertThat(taken).isEqualTo(15);
        assertThat(task).isEqualTo(new Backlog.Missing());
        assertThat(backlog.poll(0)).isNull();

        backlog.add(new Backlog.Append(new byte[1 << 20], 41, tables));
        assertThat(backlog.poll(0)).isInstanceOf(Backlog.Append.class);
    }

    @Test
    void after_more_than_the_disk_could_take_in_time_the_whole_is_written() throws IOException {
        var durable = new AtomicReference<>(new Position("", 0));
        try (var replica = Replica.open(folder, InstantSource.fixed(NOW), durable::set);
                var disk = StalledDisk.under(folder)) {
            replica.replace(Loaded.snapshot("e", 1, NOW, List.of(fleet("f"), device("d-1", "f"))));
            for (int revision = 2; revision <= 50; revision++) {
                var large = new byte[180_000];
                var change = new Change(
                        revision,
                        List.of(
                                new Entry.AuthorityEntry("a-" + revision, large),
                                new Entry.AuthorityEntry("b-" + revision, large)));
                replica.apply(change, FeedCodec.write(change));
            }
            assertThat(durable.get().revision()).isZero();
            disk.works();
            Await.until("durable", LIMIT, () -> durable.get().equals(new Position("e", 50)));
            var next = new Change(51, List.of(fleet("g")));
            replica.apply(next, FeedCodec.write(next));
            Await.until("durable", LIMIT, () -> durable.get().equals(new Position("e", 51)));
        }
        var found = new ReplicaStore(folder).open();
        assertThat(found.problem()).isEmpty();
        assertThat(found.tables().orElseThrow().revision()).isEqualTo(51);
        assertThat(found.tables().orElseThrow().authorities()).hasSize(98);
    }
}
