package io.gatehouse.enrollment.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.enrollment.app.domain.AllowedIds;
import io.gatehouse.identity.DeviceId;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AllowedIdsTest {
    @ParameterizedTest
    @CsvSource({
        "p-*, p-1, true",
        "p-*, p-, true",
        "p-*, P-1, false",
        "p-*, xp-1, false",
        "*-7, p-7, true",
        "*-7, p-77, false",
        "p.1, p.1, true",
        "p.1, px1, false",
        "*, anything, true",
        "a*b*c, abc, true",
        "a*b*c, a1bb2c, true",
        "a*b*c, a1c2b, false",
        "**, x, true",
        "p, p, true",
        "p, pp, false",
    })
    void a_pattern_fits_an_id_as_a_whole(String pattern, String id, boolean fits) {
        assertThat(AllowedIds.parse(List.of(pattern)).orElseThrow().allow(DeviceId.of(id)))
                .isEqualTo(fits);
    }

    @Test
    void what_is_no_pattern_is_refused() {
        for (var bad : List.of("", "-*", ".x", "a b", "a?", "[a]", "a/b", "p-*\n", "x".repeat(65))) {
            assertThat(AllowedIds.parse(List.of(bad))).as(bad).isEmpty();
        }
        assertThat(AllowedIds.parse(List.of())).isEmpty();
        assertThat(AllowedIds.parse(Collections.nCopies(AllowedIds.MOST + 1, "p")))
                .isEmpty();
        assertThat(AllowedIds.parse(Arrays.asList("p", null))).isEmpty();
    }

    @Test
    void it_agrees_with_regular_expressions() {
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            var pattern = "a" + text(random, "ab*", 6);
            var id = "a" + text(random, "ab", 8);
            var expected =
                    Arrays.stream(pattern.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
            assertThat(AllowedIds.parse(List.of(pattern)).orElseThrow().allow(DeviceId.of(id)))
                    .as(pattern + " " + id)
                    .isEqualTo(id.matches(expected));
        }
    }

    @Test
    void the_worst_pattern_costs_little() {
        var worst = new AllowedIds(Collections.nCopies(AllowedIds.MOST, "*a".repeat(31) + "*b"));
        var id = DeviceId.of("a".repeat(64));
        org.junit.jupiter.api.Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            for (int i = 0; i < 1000; i++) {
                assertThat(worst.allow(id)).isFalse();
            }
        });
    }

    private static String text(Random random, String alphabet, int longest) {
        return random.ints(random.nextInt(longest), 0, alphabet.length())
                .mapToObj(index -> String.valueOf(alphabet.charAt(index)))
                .collect(Collectors.joining());
    }
}
