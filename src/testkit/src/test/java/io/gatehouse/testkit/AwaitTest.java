package io.gatehouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AwaitTest {
    private static final Duration SHORT = Duration.ofMillis(30);

    @Test
    void returns_as_soon_as_the_condition_holds() {
        AtomicInteger asked = new AtomicInteger();
        Await.until("third time", Duration.ofSeconds(5), () -> asked.incrementAndGet() == 3);
        assertThat(asked).hasValue(3);
    }

    @Test
    void fails_with_the_text_when_the_condition_never_holds() {
        assertThatThrownBy(() -> Await.until("a door opens", SHORT, () -> false))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("a door opens");
    }

    @Test
    void names_what_was_thrown_last_as_the_cause() {
        assertThatThrownBy(() -> Await.value("a value", SHORT, () -> {
                    throw new IllegalStateException("still shut");
                }))
                .hasRootCauseMessage("still shut");
    }

    @Test
    void takes_an_exception_for_not_yet() {
        AtomicInteger asked = new AtomicInteger();
        String value = Await.value("a value", Duration.ofSeconds(5), () -> {
            if (asked.incrementAndGet() < 3) {
                throw new IllegalStateException("too early");
            }
            return Optional.of("there");
        });
        assertThat(value).isEqualTo("there");
    }
}
