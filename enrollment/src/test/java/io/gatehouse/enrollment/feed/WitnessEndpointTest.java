package io.gatehouse.enrollment.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.admission.feed.Entry;
import io.gatehouse.admission.feed.FeedCodec;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.DeviceState;
import io.gatehouse.identity.FleetName;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WitnessEndpointTest {
    @Test
    void counts_every_line_also_of_a_kind_that_it_does_not_know() {
        var device = new Entry.DeviceEntry(DeviceId.of("d-1"), FleetName.of("f"), DeviceState.ACTIVE, Map.of(), 0);
        var line = new String(FeedCodec.write(device), StandardCharsets.UTF_8);
        var body = line + "{\"kind\":\"of-tomorrow\"}\n" + line;
        var part = WitnessEndpoint.part(body.getBytes(StandardCharsets.UTF_8), true, Optional.of(3L));
        assertThat(part.entries()).containsExactly(device, device);
        assertThat(part.lines()).isEqualTo(3);
        assertThat(part.begins()).isTrue();
        assertThat(WitnessEndpoint.part(new byte[0], false, Optional.empty()).lines())
                .isZero();
    }
}
