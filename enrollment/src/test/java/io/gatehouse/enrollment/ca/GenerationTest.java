package io.gatehouse.enrollment.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GenerationTest {
    @ParameterizedTest
    @CsvSource({
        "devices, DEVICES, 1",
        "devices-2, DEVICES, 2",
        "devices-999999, DEVICES, 999999",
        "devices-root, DEVICES_ROOT, 1",
        "services, SERVICES, 1",
    })
    void is_written_and_read_by_its_word(String word, AuthorityName role, int number) {
        assertThat(new Generation(role, number).word()).isEqualTo(word);
        assertThat(Generation.ofWord(word)).contains(new Generation(role, number));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "device",
                "devices-",
                "devices-0",
                "devices-1",
                "devices-02",
                "devices--2",
                "devices-2x",
                "devices-1000000",
                "devices-99999999999999999999"
            })
    void no_other_word_names_an_authority(String word) {
        assertThat(Generation.ofWord(word)).isEmpty();
    }

    @Test
    void there_is_nothing_before_the_first() {
        assertThatThrownBy(() -> new Generation(AuthorityName.DEVICES, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
