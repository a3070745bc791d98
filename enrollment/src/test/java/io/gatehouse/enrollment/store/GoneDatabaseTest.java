package io.gatehouse.enrollment.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.gatehouse.enrollment.app.House;
import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.port.RegistryUnavailable;
import io.gatehouse.enrollment.app.port.RegistryUnavailable.Cause;
import io.gatehouse.enrollment.app.port.View.ChangeLine;
import io.gatehouse.identity.DeviceId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The files of the database are removed, moved and exchanged while it is open. SQLite itself notices none of it. */
class GoneDatabaseTest {
    @TempDir
    Path temp;

    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private Path file;
    private Path elsewhere;
    private House house;

    @BeforeEach
    void open() {
        file = temp.resolve("data/gatehouse.db");
        elsewhere = temp.resolve("elsewhere.db");
        house = new House(file).withFleet();
        house.gadget("before").enrolled();
        lines.start();
        logger().addAppender(lines);
    }

    @AfterEach
    void close() {
        logger().detachAppender(lines);
        house.close();
    }

    @Test
    void nothing_is_answered_as_done_in_a_database_that_was_removed() throws IOException {
        Files.delete(file);

        refuses(() -> house.gadget("late").enrolled());
        refuses(() -> house.audit.verify());
        assertThat(file).doesNotExist();
    }

    @Test
    void a_database_that_was_moved_away_and_back_is_used_again_without_a_restart() throws IOException {
        Files.move(file, elsewhere);
        refuses(() -> house.gadget("during").enrolled());
        Files.move(elsewhere, file);

        house.gadget("after").enrolled();
        assertThat(devices()).containsExactly("after", "before");
        assertThat(house.audit.verify().holds()).isTrue();
        reopen();
        assertThat(devices()).containsExactly("after", "before");
    }

    @Test
    void its_whole_folder_may_have_been_away() throws IOException {
        Files.move(temp.resolve("data"), temp.resolve("other"));
        refuses(() -> house.gadget("during").enrolled());
        Files.move(temp.resolve("other"), temp.resolve("data"));

        house.gadget("after").enrolled();
        assertThat(devices()).containsExactly("after", "before");
    }

    @Test
    void a_commit_into_a_file_that_goes_meanwhile_is_not_answered_and_not_half_known_when_it_is_back()
            throws IOException {
        var heard = new ArrayList<ChangeLine>();
        house.registry.listen((changes, nanos) -> heard.addAll(changes));
        refuses(() -> house.registry.write(transaction -> {
            transaction.audit(new Actor("test"), "late", "nothing", Map.of());
            transaction.save(transaction.device(DeviceId.of("before")).orElseThrow());
            move(file, elsewhere);
            return true;
        }));
        Files.move(elsewhere, file);
        house.gadget("after").enrolled();

        var stored = house.registry.read(view -> view.changes(0, 1000));
        assertThat(heard)
                .extracting(ChangeLine::revision)
                .containsExactlyElementsOf(stored.stream()
                        .map(ChangeLine::revision)
                        .filter(revision -> revision >= heard.get(0).revision())
                        .toList());
        assertThat(house.audit.verify().holds()).isTrue();
    }

    @Test
    void another_file_in_its_place_is_never_written_and_the_next_start_takes_it_as_it_is() throws IOException {
        DatabaseFile.copy(file, elsewhere);
        byte[] copy = Files.readAllBytes(elsewhere);
        house.gadget("lost").enrolled();
        Files.delete(file);
        Files.move(elsewhere, file);

        refuses(() -> house.gadget("late").enrolled());
        refuses(() -> house.audit.verify());
        house.close();
        assertThat(file).hasBinaryContent(copy);
        assertThat(log()).doesNotExist();
        assertThat(log(".former")).isNotEmptyFile();
        assertThat(said()).hasSize(2);
        assertThat(said().get(0)).contains(file + " is another file").contains("restart");
        assertThat(said().get(1)).contains(log(".former").toString());
        reopen();
        assertThat(devices()).containsExactly("before");
        house.gadget("after").enrolled();
        assertThat(house.audit.verify().holds()).isTrue();
    }

    @Test
    void after_another_file_was_seen_in_its_place_it_is_used_from_the_next_start_on_with_nothing_lost()
            throws IOException {
        Files.move(file, elsewhere);
        Files.writeString(file, "something else");
        refuses(() -> house.gadget("during").enrolled());
        assertThat(log()).doesNotExist();
        Files.move(elsewhere, file, StandardCopyOption.REPLACE_EXISTING);

        refuses(() -> house.gadget("after").enrolled());
        reopen();
        assertThat(devices()).containsExactly("before");
        assertThat(house.audit.verify().holds()).isTrue();
    }

    @Test
    void another_file_that_nobody_asked_for_is_seen_at_the_stop() throws IOException {
        DatabaseFile.copy(file, elsewhere);
        house.gadget("lost").enrolled();
        Files.move(elsewhere, file, StandardCopyOption.REPLACE_EXISTING);
        reopen();

        assertThat(devices()).containsExactly("before");
        assertThat(house.audit.verify().holds()).isTrue();
    }

    @Test
    void a_database_that_was_written_to_while_it_was_away_is_not_used_before_a_restart() throws IOException {
        Files.move(file, elsewhere);
        refuses(() -> house.gadget("during").enrolled());
        Files.write(elsewhere, "more".getBytes(StandardCharsets.US_ASCII), StandardOpenOption.APPEND);
        Files.move(elsewhere, file);

        refuses(() -> house.gadget("after").enrolled());
        assertThat(said())
                .hasSize(2)
                .last()
                .asString()
                .contains("while it was away")
                .contains("restart");
    }

    @Test
    void a_checkpoint_is_no_stranger_writing() throws IOException {
        house.registry.writing().execute("PRAGMA wal_checkpoint(TRUNCATE)");
        house.gadget("between").enrolled();
        Files.move(file, elsewhere);
        refuses(() -> house.gadget("during").enrolled());
        Files.move(elsewhere, file);

        house.gadget("after").enrolled();
    }

    @Test
    void nothing_is_answered_as_done_without_the_log_and_a_stop_in_order_saves_what_was() throws IOException {
        house.gadget("in-the-log").enrolled();
        Files.delete(log());

        refuses(() -> house.gadget("late").enrolled());
        reopen();
        assertThat(devices()).containsExactly("before", "in-the-log");
        assertThat(house.audit.verify().holds()).isTrue();
    }

    @Test
    void one_line_of_the_log_tells_of_it_and_one_of_its_end() throws IOException {
        Files.move(file, elsewhere);
        for (int i = 0; i < 20; i++) {
            refuses(() -> house.gadget("during").enrolled());
            refuses(() -> house.audit.verify());
        }
        Files.move(elsewhere, file);
        house.gadget("after").enrolled();

        assertThat(said()).hasSize(2);
        assertThat(said().get(0))
                .contains(file + " was removed or moved")
                .contains("Move it back")
                .contains("gatehouse restore");
        assertThat(said().get(1)).contains(file + " is back");
    }

    private static void refuses(ThrowingCallable work) {
        assertThatThrownBy(work)
                .isInstanceOfSatisfying(
                        RegistryUnavailable.class, e -> assertThat(e.kind()).isEqualTo(Cause.BROKEN));
    }

    private static void move(Path from, Path to) {
        try {
            Files.move(from, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void reopen() {
        house.close();
        house = new House(file);
    }

    private Path log() {
        return log("");
    }

    private Path log(String ending) {
        return file.resolveSibling("gatehouse.db-wal" + ending);
    }

    /** What an operator reads, from the whole store. */
    private List<String> said() {
        return lines.list.stream()
                .filter(line -> line.getLevel().isGreaterOrEqual(Level.WARN))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(SameFile.class.getPackageName());
    }

    private List<String> devices() {
        var names = new ArrayList<String>();
        house.registry.writing().query(row -> row.getString(1), names::add, "SELECT name FROM device ORDER BY name");
        return names;
    }
}
