package io.gatehouse.enrollment.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.admission.feed.Entry;
import io.gatehouse.enrollment.app.Restorations.Part;
import io.gatehouse.enrollment.app.port.View.Position;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.DeviceState;
import io.gatehouse.identity.FleetName;
import io.gatehouse.identity.RefusalReason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A broker says in parts what it knows: it has said all only when one attempt came whole, and what broke off is not counted. */
class WitnessInPartsTest extends RestoredHouse {
    private House.Gadget revoked;

    @BeforeEach
    void a_device_is_revoked_after_the_backup() {
        revoked = before.gadget("revoked").enrolled();
        backup();
        before.revoke(revoked);
        restore(Duration.ofHours(1));
    }

    private List<Entry> firstHalf() {
        return known.subList(0, known.size() / 2);
    }

    private List<Entry> secondHalf() {
        return known.subList(known.size() / 2, known.size());
    }

    private Optional<Long> all() {
        return Optional.of((long) known.size());
    }

    private void isRefused(List<Entry> part, boolean begins, Optional<Long> total) {
        assertThat(House.reason(say(House.B1, part, begins, total))).isEqualTo(RefusalReason.BAD_REQUEST);
    }

    private void isStillAsked() {
        assertThat(witness().finishedAt()).isEmpty();
        assertThat(after.restorations.wants(House.B1, Optional.of(position))).isTrue();
    }

    /** In two parts, from the beginning. */
    private void saysAll() {
        House.done(say(House.B1, firstHalf(), true, Optional.empty()));
        House.done(say(House.B1, secondHalf(), false, all()));
        assertThat(witness().finishedAt()).isPresent();
        assertThat(witness().entries()).isEqualTo(known.size());
        assertThat(after.restorations.wants(House.B1, Optional.of(position))).isFalse();
        assertThat(judged(revoked)).isEqualTo(RefusalReason.REVOKED);
    }

    @Test
    void attempts_that_broke_off_do_not_add_up() {
        known.add(new Entry.DeviceEntry(
                DeviceId.of("elsewhere"), FleetName.of("unknown"), DeviceState.ACTIVE, Map.of(), 0));
        for (int i = 0; i < 3; i++) {
            // more than a half of all that one broker may say
            House.done(
                    after.restorations.accept(House.B1, position, new Part(known, 6_000_000, true, Optional.empty())));
        }
        assertThat(House.reason(after.restorations.accept(
                        House.B1, position, new Part(known, 6_000_000, false, Optional.empty()))))
                .isEqualTo(RefusalReason.TOO_LARGE);
        testify(House.B1, known);
        assertThat(witness().finishedAt()).isPresent();
        assertThat(witness().entries()).isEqualTo(known.size());
        assertThat(witness().differing()).isEqualTo(1);
        // by the first of them, and no word less true for that
        assertThat(witness().revoked()).isPositive();
        assertThat(judged(revoked)).isEqualTo(RefusalReason.REVOKED);
    }

    @Test
    void a_wrong_total_finishes_nothing_and_takes_nothing() {
        var first = firstHalf();
        var second = secondHalf();
        for (long total : new long[] {known.size() - 1, known.size() + 1, second.size(), 0, -1, Long.MAX_VALUE}) {
            House.done(say(House.B1, first, true, Optional.empty()));
            isRefused(second, false, Optional.of(total));
            isStillAsked();
            assertThat(witness().entries()).isEqualTo(first.size());
        }
        // also when it is the first part
        isRefused(first, true, all());
        isStillAsked();
        saysAll();
    }

    @Test
    void a_part_of_nothing_that_was_begun_is_refused() {
        isRefused(known, false, all());
        assertThat(after.restorations.standing().orElseThrow().witnesses()).isEmpty();
        // begun at another revision
        House.done(say(House.B1, List.of(), true, Optional.empty()));
        position = new Position(position.epoch(), position.revision() + 1);
        isRefused(known, false, all());
        assertThat(witness().finishedAt()).isEmpty();
        assertThat(witness().revoked()).isZero();
        testify(House.B1, known);
        assertThat(witness().revision()).isEqualTo(position.revision());
    }

    @Test
    void when_the_service_was_killed_in_the_middle_the_broker_begins_anew() {
        House.done(say(House.B1, firstHalf(), true, Optional.empty()));
        restarted();
        isStillAsked();
        saysAll();
    }

    @Test
    void a_part_that_comes_twice_makes_no_whole() {
        House.done(say(House.B1, firstHalf(), true, Optional.empty()));
        House.done(say(House.B1, secondHalf(), false, Optional.empty()));
        House.done(say(House.B1, secondHalf(), false, Optional.empty()));
        isRefused(List.of(), false, all());
        isStillAsked();
        saysAll();
        // and who has said all is not heard again
        assertThat(House.reason(say(House.B1, secondHalf(), false, all()))).isEqualTo(RefusalReason.CONFLICT);
        assertThat(House.reason(say(House.B1, known, true, all()))).isEqualTo(RefusalReason.CONFLICT);
    }

    @Test
    void a_part_of_an_earlier_attempt_that_comes_late_makes_no_whole() {
        House.done(say(House.B1, firstHalf(), true, Optional.empty()));
        House.done(say(House.B1, firstHalf(), true, Optional.empty()));
        House.done(say(House.B1, secondHalf(), false, Optional.empty()));
        isRefused(secondHalf(), false, all());
        isStillAsked();
        saysAll();
    }

    @Test
    void of_attempts_at_the_same_time_none_makes_a_whole_out_of_the_others_parts() {
        House.done(say(House.B1, firstHalf(), true, Optional.empty()));
        House.done(say(House.B1, secondHalf(), false, Optional.empty()));
        // another begins, and takes the first one's count away
        House.done(say(House.B1, firstHalf(), true, Optional.empty()));
        isRefused(List.of(), false, all());
        isStillAsked();
        saysAll();
    }
}
