package io.gatehouse.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class AdmitBenchTest {
    @Test
    void an_unknown_option_is_a_mistake_in_usage() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exit = new AdmitBench().run(List.of("--fast"), System.out, new PrintStream(err));
        assertThat(exit).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("Usage", "--mosquitto");
    }

    /** Section 3.3 of MQTT 5: type and flags, remaining length, topic, no properties, payload. */
    @Test
    void a_message_is_a_whole_packet_of_mqtt_5() throws Exception {
        byte[] packet = MqttClient.publish("a/b", new byte[] {7, 8});
        assertThat(packet).containsExactly(0x30, 8, 0, 3, 'a', '/', 'b', 0, 7, 8);
    }

    @Test
    void a_thread_of_that_name_is_counted_and_no_other() throws Exception {
        CountDownLatch worked = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Thread thread = new Thread(() -> {
            long until = System.nanoTime() + Duration.ofMillis(20).toNanos();
            while (System.nanoTime() - until < 0) {
                Thread.onSpinWait();
            }
            worked.countDown();
            await(end);
        });
        thread.setName("bench-measured-by-its-name");
        thread.start();
        worked.await();
        ProcessTime own = ProcessTime.of(ProcessHandle.current().pid());
        assertThat(own.threads("bench-measured-"::equals)).isPositive().isLessThan(own.threads(name -> true));
        assertThat(own.threads("nobody"::equals)).isZero();
        end.countDown();
        thread.join();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
