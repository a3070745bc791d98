package io.gatehouse.enrollment.ca.crl;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RevokedSetTest {
    private static final Instant NOW = Instant.parse("2026-11-23T11:00:00Z");
    private static final Instant END = NOW.plusSeconds(9999);

    private final RevokedSet set = new RevokedSet();

    @Test
    void is_what_a_sorted_map_would_be_after_any_changes() {
        var random = new Random(4711);
        Map<BigInteger, Integer> model = new TreeMap<>();
        var serials = IntStream.range(0, 400)
                .mapToObj(i -> new BigInteger(1 + random.nextInt(160), random).add(BigInteger.ONE))
                .map(serial -> serial.bitLength() > 160 ? BigInteger.ONE : serial)
                .toList();
        for (var serial : serials.subList(0, 100)) {
            set.fill(serial, NOW, 2, END);
            model.put(serial, 2);
        }
        set.filled();
        for (int round = 0; round < 200; round++) {
            for (int change = random.nextInt(30); change > 0; change--) {
                var serial = serials.get(random.nextInt(serials.size()));
                if (random.nextBoolean()) {
                    int reason = random.nextInt(7);
                    set.put(serial, NOW, reason, END);
                    model.put(serial, reason);
                } else {
                    set.remove(serial);
                    model.remove(serial);
                }
            }
            var settled = set.settle(NOW);
            Map<BigInteger, Integer> seen = new TreeMap<>();
            for (int at = 0; at < settled.size(); at++) {
                seen.put(settled.serial(at), settled.reason(at));
                assertThat(at == 0 || settled.serial(at - 1).compareTo(settled.serial(at)) < 0)
                        .isTrue();
            }
            assertThat(seen).isEqualTo(model);
        }
    }

    @Test
    void what_it_is_told_while_it_is_filled_counts_more() {
        set.fill(BigInteger.ONE, NOW, 6, END);
        set.remove(BigInteger.ONE);
        set.remove(BigInteger.TWO);
        set.put(BigInteger.TEN, NOW, 1, END);
        set.fill(BigInteger.TWO, NOW, 6, END);
        set.fill(BigInteger.TEN, NOW, 6, END);
        set.filled();

        var settled = set.settle(NOW);

        assertThat(settled.size()).isEqualTo(1);
        assertThat(settled.serial(0)).isEqualTo(BigInteger.TEN);
        assertThat(settled.reason(0)).isEqualTo(1);
    }

    @Test
    void more_than_one_batch_can_be_filled_in() {
        int many = 150_000;
        for (int i = many; i > 0; i--) {
            set.fill(BigInteger.valueOf(i * 7919L % 1_000_003), NOW, 0, END);
        }
        set.filled();

        assertThat(set.settle(NOW).size()).isEqualTo(many);
    }

    @Test
    void who_has_ended_leaves_and_does_not_come_back() {
        set.filled();
        set.put(BigInteger.ONE, NOW, 1, NOW.plusSeconds(10));
        assertThat(set.settle(NOW.plusSeconds(9)).size()).isEqualTo(1);

        assertThat(set.settle(NOW.plusSeconds(10)).size()).isZero();
        set.put(BigInteger.ONE, NOW, 1, NOW.plusSeconds(10));
        assertThat(set.settle(NOW.plusSeconds(10)).size()).isZero();
    }

    @Test
    void certificates_that_are_issued_and_never_listed_cost_nothing() {
        set.filled();
        var before = set.settle(NOW);
        for (int i = 1; i < 1000; i++) {
            set.remove(BigInteger.valueOf(i));
        }

        assertThat(set.settle(NOW)).isSameAs(before);
    }
}
