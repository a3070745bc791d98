package io.gatehouse.broker.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.broker.enforce.Enforcer;
import io.gatehouse.identity.DeviceId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnansweredTest {
    private final List<String> answers = new ArrayList<>();
    private final Unanswered unanswered = new Unanswered(new Enforcer.Acknowledgement() {
        @Override
        public void enforced(long revision, int sessions, long nanos) {
            answers.add("enforced " + revision + " " + sessions);
        }

        @Override
        public void purged(DeviceId device, long revision) {
            answers.add("purged " + device + " " + revision);
        }
    });

    @Test
    void what_went_by_is_answered_with_the_next_that_is_enforced_and_only_once() {
        unanswered.passed(3);
        unanswered.passed(4);
        unanswered.passed(5);
        assertThat(answers).isEmpty();
        unanswered.enforced(5, 2, 1);
        unanswered.enforced(6, 0, 1);
        assertThat(answers).containsExactly("enforced 5 2", "enforced 3 0", "enforced 4 0", "enforced 6 0");
        assertThat(unanswered.isEmpty()).isTrue();
    }

    @Test
    void what_went_by_later_is_not_answered_by_an_earlier_one() {
        unanswered.passed(8);
        unanswered.enforced(7, 0, 1);
        assertThat(answers).containsExactly("enforced 7 0");
        assertThat(unanswered.isEmpty()).isFalse();
        unanswered.purged(DeviceId.of("d-1"), 8);
        assertThat(answers).contains("purged d-1 8");
    }
}
