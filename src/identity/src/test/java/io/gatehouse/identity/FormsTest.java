package io.gatehouse.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The forms of names that are checked by hand, against the same forms as patterns. */
class FormsTest {
    private static final Pattern DEVICE_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern FINGERPRINT = Pattern.compile("[0-9a-f]{64}");

    @Test
    void a_device_id_is_what_its_rule_says_whatever_character_stands_first_or_later() {
        for (char c = 0; c < 0x2200; c++) {
            for (String text : new String[] {"" + c, c + "a", "a" + c, "a" + c + "b"}) {
                assertThat(DeviceId.parse(text).isPresent())
                        .as("U+%04x in %d characters", (int) c, text.length())
                        .isEqualTo(DEVICE_ID.matcher(text).matches());
            }
        }
    }

    @Test
    void a_device_id_has_1_to_64_characters() {
        assertThat(DeviceId.parse("")).isEmpty();
        assertThat(DeviceId.parse("d".repeat(64))).isPresent();
        assertThat(DeviceId.parse("d".repeat(65))).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> DeviceId.of("d".repeat(65)));
    }

    @Test
    void a_fingerprint_is_64_lower_case_hex_digits() {
        for (char c = 0; c < 0x2200; c++) {
            String text = "0".repeat(31) + c + "f".repeat(32);
            boolean right = FINGERPRINT.matcher(text).matches();
            assertThat(isFingerprint(text)).as("U+%04x", (int) c).isEqualTo(right);
        }
        assertThat(isFingerprint("a".repeat(63))).isFalse();
        assertThat(isFingerprint("a".repeat(65))).isFalse();
        assertThat(isFingerprint("")).isFalse();
    }

    private static boolean isFingerprint(String text) {
        try {
            return Fingerprint.of(text).hex().equals(text);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
