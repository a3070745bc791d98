package io.gatehouse.broker.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.identity.DeviceId;
import org.junit.jupiter.api.Test;

class StoredClientsTest {
    private static final DeviceId DEVICE = DeviceId.of("d-1");
    private final StoredClients clients = new StoredClients();

    private boolean reserve(String clientId, int max) {
        return clients.reserve(DEVICE, clientId, max);
    }

    @Test
    void counts_all_that_may_be_stored() {
        assertThat(reserve("d-1", 2)).isTrue();
        assertThat(reserve("d-1:a", 2)).isTrue();
        assertThat(reserve("d-1:b", 2)).isFalse();
        assertThat(reserve("d-1:a", 2)).isTrue();
        clients.forget(DEVICE, "d-1:a"::equals);
        assertThat(reserve("d-1:b", 2)).isTrue();
        assertThat(clients.of(DEVICE)).containsExactlyInAnyOrder("d-1", "d-1:b");
    }

    @Test
    void gives_nobody_a_right_to_come_back_when_the_limit_is_lowered() {
        for (String id : new String[] {"d-1", "d-1:a", "d-1:b"}) {
            assertThat(reserve(id, 3)).isTrue();
        }
        assertThat(reserve("d-1:b", 2)).isFalse();
        assertThat(clients.count(DEVICE)).isEqualTo(3);
    }

    @Test
    void lets_a_session_that_is_no_longer_allowed_take_no_place_and_still_remembers_it() {
        assertThat(reserve("d-1:a", 2)).isTrue();
        assertThat(reserve("d-1", 1)).isTrue();
        assertThat(clients.of(DEVICE)).contains("d-1:a");
    }

    @Test
    void knows_whose_a_client_id_can_be() {
        assertThat(StoredClients.deviceOf("d-1")).contains(DEVICE);
        assertThat(StoredClients.deviceOf("d-1:a:b")).contains(DEVICE);
        assertThat(StoredClients.deviceOf("d/1")).isEmpty();
        assertThat(StoredClients.deviceOf("")).isEmpty();
    }
}
