package io.gatehouse.admission.replica;

import static io.gatehouse.admission.Directories.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FreshnessTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);

    private long ticks = 42;
    private final Freshness freshness = new Freshness(() -> ticks);

    @Test
    void grows_with_the_running_time_however_often_the_clock_is_turned_back() {
        freshness.heard(NOW, Duration.ZERO);
        for (int hour = 1; hour <= 30; hour++) {
            run(HOUR);
            assertThat(freshness.age(NOW)).isEqualTo(HOUR.multipliedBy(hour));
            assertThat(freshness.age(NOW.minus(DAY))).isEqualTo(HOUR.multipliedBy(hour));
        }
    }

    @Test
    void grows_with_the_clock_while_the_machine_sleeps() {
        freshness.heard(NOW, Duration.ZERO);
        run(HOUR);
        assertThat(freshness.age(NOW.plus(DAY))).isEqualTo(DAY);
    }

    @Test
    void begins_when_the_snapshot_was_asked_for() {
        freshness.heard(NOW, HOUR);
        assertThat(freshness.age(NOW)).isEqualTo(HOUR);
    }

    @Test
    void a_clock_that_was_far_ahead_and_is_set_right_refuses_nobody_for_that() {
        freshness.heard(NOW.plus(DAY.multipliedBy(365)), Duration.ZERO);
        run(HOUR);
        assertThat(freshness.age(NOW)).isEqualTo(HOUR);
        // nor after the next start
        var kept = freshness.contact(NOW);
        assertThat(kept).isEqualTo(new Contact(NOW.minus(HOUR), HOUR));
        freshness.found(kept);
        assertThat(freshness.age(NOW)).isEqualTo(HOUR);
    }

    @Test
    void a_clock_that_runs_ahead_for_a_while_leaves_no_trace() {
        freshness.heard(NOW, Duration.ZERO);
        run(HOUR);
        assertThat(freshness.age(NOW.plus(DAY.multipliedBy(365)))).isEqualTo(DAY.multipliedBy(365));
        freshness.found(freshness.contact(NOW.plus(DAY.multipliedBy(365))));
        assertThat(freshness.age(NOW.plus(HOUR))).isEqualTo(HOUR);
    }

    @Test
    void a_start_with_a_clock_that_was_turned_back_forgets_nothing() {
        freshness.heard(NOW, Duration.ZERO);
        run(DAY);
        freshness.found(freshness.contact(NOW.plus(DAY)));
        run(HOUR);
        assertThat(freshness.age(NOW)).isEqualTo(DAY.plus(HOUR));
        assertThat(freshness.age(NOW.plus(DAY).plus(HOUR))).isEqualTo(DAY.plus(HOUR));
    }

    @Test
    void a_start_at_a_time_before_the_contact_counts_how_far_the_clock_is_off_until_it_is_right() {
        freshness.found(new Contact(NOW, Duration.ZERO));
        assertThat(freshness.age(NOW.minus(DAY.multipliedBy(300)))).isEqualTo(DAY.multipliedBy(300));
        assertThat(freshness.age(NOW.minusSeconds(2))).isEqualTo(Duration.ofSeconds(2));
        assertThat(freshness.age(NOW.plus(HOUR))).isEqualTo(HOUR);
    }

    private void run(Duration time) {
        ticks += time.toNanos();
    }
}
