package io.gatehouse.agent.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ConnackTapTest {
    /** CONNACK, code 0x87, receive maximum 10, a user property, reason string "revoked". */
    private static final byte[] REFUSAL = HexFormat.of()
            .parseHex("201b" + "0087" + "18" + "21000a" + "260001610004" + "76616c75" + "1f00077265766f6b6564");

    @Test
    void hears_the_reason_string_and_changes_nothing() throws IOException {
        var tap = new ConnackTap(new ByteArrayInputStream(REFUSAL));
        assertThat(tap.readAllBytes()).isEqualTo(REFUSAL);
        assertThat(tap.reasonString()).contains("revoked");
    }

    @Test
    void a_packet_that_is_cut_off_or_broken_has_none() throws IOException {
        for (var length = 0; length < REFUSAL.length; length++) {
            var tap = new ConnackTap(new ByteArrayInputStream(Arrays.copyOf(REFUSAL, length)));
            var unused = tap.readAllBytes();
            assertThat(tap.reasonString()).isEmpty();
        }
        var random = new Random(5);
        for (var i = 0; i < 2000; i++) {
            var broken = REFUSAL.clone();
            broken[random.nextInt(broken.length)] = (byte) random.nextInt();
            var tap = new ConnackTap(new ByteArrayInputStream(broken));
            var unused = tap.readAllBytes();
            assertThat(tap.reasonString()).isNotNull();
        }
    }
}
