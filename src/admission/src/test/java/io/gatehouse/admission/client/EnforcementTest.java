package io.gatehouse.admission.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.admission.feed.Report;
import io.gatehouse.admission.replica.Applied;
import io.gatehouse.admission.replica.Position;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EnforcementTest {
    private final Enforcement enforcement = new Enforcement();

    @Test
    void acknowledges_nothing_before_anything_was_applied() {
        enforcement.durable(new Position("e", 9));

        assertThat(enforcement.acknowledged()).isZero();
        assertThat(enforcement.epoch()).isEmpty();
    }

    @Test
    void acknowledges_up_to_the_first_that_is_open() {
        enforcement.applied("e", full(5));
        enforcement.durable(new Position("e", 8));
        assertThat(enforcement.acknowledged()).isZero();
        enforcement.enforced(5, 0);
        assertThat(enforcement.acknowledged()).isEqualTo(5);
        enforcement.applied("e", change(6));
        enforcement.applied("e", change(7));
        enforcement.applied("e", change(8));
        enforcement.enforced(8, 1);
        enforcement.enforced(6, 0);
        assertThat(enforcement.acknowledged()).isEqualTo(6);
        enforcement.enforced(7, 0);
        assertThat(enforcement.acknowledged()).isEqualTo(8);
    }

    @Test
    void nothing_is_acknowledged_before_it_is_durable() {
        enforcement.applied("e", full(5));
        enforcement.enforced(5, 2);
        assertThat(enforcement.acknowledged()).isZero();
        assertThat(enforcement.closings()).isEmpty();
        enforcement.durable(new Position("e", 5));
        assertThat(enforcement.acknowledged()).isEqualTo(5);
        assertThat(enforcement.closings()).containsExactly(new Report.Enforced(5, 2));
        enforcement.reported(enforcement.closings());
        assertThat(enforcement.closings()).isEmpty();
    }

    @Test
    void what_was_durable_of_an_old_epoch_says_nothing_about_the_new() {
        enforcement.applied("old", full(50));
        enforcement.enforced(50, 0);
        enforcement.durable(new Position("old", 50));
        enforcement.applied("new", full(5));
        enforcement.enforced(5, 0);
        assertThat(enforcement.acknowledged()).isZero();
        enforcement.durable(new Position("old", 51));
        assertThat(enforcement.acknowledged()).isZero();
        enforcement.durable(new Position("new", 5));
        assertThat(enforcement.acknowledged()).isEqualTo(5);
    }

    @Test
    void a_snapshot_of_the_same_epoch_keeps_what_was_acknowledged_and_no_more() {
        enforcement.applied("e", full(5));
        enforcement.enforced(5, 0);
        enforcement.applied("e", change(6));
        enforcement.durable(new Position("e", 9));
        enforcement.applied("e", full(9));
        assertThat(enforcement.acknowledged()).isEqualTo(5);
        enforcement.enforced(6, 1);
        assertThat(enforcement.acknowledged()).isEqualTo(5);
        enforcement.enforced(9, 1);
        assertThat(enforcement.acknowledged()).isEqualTo(9);
    }

    private static Applied change(long revision) {
        return new Applied(revision, false, Set.of(), Set.of(), Set.of(), false, Set.of(), Set.of());
    }

    private static Applied full(long revision) {
        return Applied.full(revision, Set.of());
    }
}
