package io.gatehouse.broker.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.identity.DeviceId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StoredClientsTest {
    private static final DeviceId DEVICE = DeviceId.of("d-1");
    private final StoredClients clients = new StoredClients();
    private final Set<String> stored = new HashSet<>(List.of("d-1", "d-1:a"));

    private boolean reserve(String clientId, int max) {
        return clients.reserve(DEVICE, clientId, max, id -> !stored.contains(id), id -> max > 1 || !id.contains(":"));
    }

    @Test
    void counts_stored_sessions_and_forgets_those_that_are_gone() {
        assertThat(reserve("d-1", 2)).isTrue();
        assertThat(reserve("d-1:a", 2)).isTrue();
        assertThat(reserve("d-1:b", 2)).isFalse();
        assertThat(reserve("d-1:a", 2)).isTrue();
        stored.remove("d-1:a");
        assertThat(reserve("d-1:b", 2)).isTrue();
        assertThat(clients.of(DEVICE)).containsExactlyInAnyOrder("d-1", "d-1:b");
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
