package io.gatehouse.enrollment.app;

import static io.gatehouse.enrollment.app.House.ADMIN;
import static io.gatehouse.enrollment.app.House.FLEET;
import static io.gatehouse.enrollment.app.House.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.enrollment.app.domain.DeviceFilter;
import io.gatehouse.enrollment.app.domain.Page;
import io.gatehouse.identity.FleetName;
import io.gatehouse.identity.RevocationReason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceListsTest {
    @TempDir
    Path temp;

    private House house;

    @BeforeEach
    void open() {
        house = new House(temp.resolve("gatehouse.db")).withFleet();
        for (String id : List.of("b-1", "A-2", "a-1", "a-10")) {
            house.gadget(id).enrolled();
        }
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void devices_come_in_the_order_of_their_ids_without_regard_to_case_page_by_page() {
        var first = done(house.devices.list(DeviceFilter.ALL, new Page(Optional.empty(), 3)));
        var second = done(house.devices.list(DeviceFilter.ALL, new Page(first.next(), 3)));

        assertThat(first.items()).extracting(device -> device.id().value()).containsExactly("a-1", "a-10", "A-2");
        assertThat(second.items()).extracting(device -> device.id().value()).containsExactly("b-1");
        assertThat(second.next()).isEmpty();
    }

    @Test
    void a_search_finds_what_begins_so() {
        assertThat(ids(filter(Optional.empty(), Optional.of("A-1")))).containsExactly("a-1", "a-10");
        assertThat(ids(filter(Optional.empty(), Optional.of("x")))).isEmpty();
        assertThat(ids(filter(Optional.empty(), Optional.of("%_'\"")))).isEmpty();
    }

    @Test
    void a_search_goes_on_at_its_cursor() {
        var filter = filter(Optional.empty(), Optional.of("a-1"));
        var first = done(house.devices.list(filter, new Page(Optional.empty(), 1)));
        var second = done(house.devices.list(filter, new Page(first.next(), 1)));

        assertThat(first.items()).extracting(device -> device.id().value()).containsExactly("a-1");
        assertThat(second.items()).extracting(device -> device.id().value()).containsExactly("a-10");
        assertThat(second.next()).isEmpty();
    }

    @Test
    void states_are_those_that_people_see() {
        done(house.devices.revoke(ADMIN, house.gadget("a-1").id, RevocationReason.UNSPECIFIED, Duration.ZERO));
        done(house.devices.suspend(ADMIN, house.gadget("b-1").id));

        assertThat(ids(filter(Optional.of("revoked"), Optional.empty()))).containsExactly("a-1");
        assertThat(ids(filter(Optional.of("suspended"), Optional.empty()))).containsExactly("b-1");
        assertThat(ids(filter(Optional.of("active"), Optional.empty()))).containsExactly("a-10", "A-2");
        assertThat(ids(filter(Optional.of("active"), Optional.of("a-1")))).containsExactly("a-10");
    }

    @Test
    void fleets_narrow_the_list() {
        house.fleet(FleetName.of("other"));
        var other = new DeviceFilter(
                Optional.of(FleetName.of("other")), Optional.empty(), Optional.empty(), Optional.empty());
        assertThat(ids(other)).isEmpty();
        done(house.devices.patch(
                ADMIN,
                house.gadget("b-1").id,
                new Devices.Patch(Optional.of(FleetName.of("other")), java.util.Map.of())));

        assertThat(ids(other)).containsExactly("b-1");
        assertThat(ids(new DeviceFilter(Optional.of(FLEET), Optional.empty(), Optional.empty(), Optional.empty())))
                .containsExactly("a-1", "a-10", "A-2");
    }

    private static DeviceFilter filter(Optional<String> state, Optional<String> prefix) {
        return new DeviceFilter(Optional.empty(), state, prefix, Optional.empty());
    }

    private List<String> ids(DeviceFilter filter) {
        return done(house.devices.list(filter, Page.first())).items().stream()
                .map(device -> device.id().value())
                .toList();
    }
}
