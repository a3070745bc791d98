package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.Device;
import io.gatehouse.enrollment.app.domain.DeviceFilter;
import io.gatehouse.enrollment.app.domain.Listing;
import io.gatehouse.enrollment.app.domain.Page;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.enrollment.app.port.View;
import io.gatehouse.identity.DeviceId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Lists of devices, of which the registry knows the state and only the brokers' reports know who is connected. Each page costs what
 * it shows, not what the fleet holds; but a list of those that are not connected walks past those that are.
 */
final class DeviceLists {
    private static final int STEP = 1000;

    private final Registry registry;
    private final Sessions sessions;

    DeviceLists(Registry registry, Sessions sessions) {
        this.registry = registry;
        this.sessions = sessions;
    }

    Listing<Device> list(DeviceFilter filter, Page page) {
        String after = page.after().orElse("").toLowerCase(Locale.ROOT);
        int wanted = page.limit() + 1;
        var found = registry.read(view -> {
            if (filter.connected().isEmpty()) {
                return view.devices(filter, after, wanted);
            }
            return filter.connected().get()
                    ? connected(view, filter, after, wanted)
                    : unconnected(view, filter, after, wanted);
        });
        return Listing.of(found, page.limit(), device -> device.id().caseFolded());
    }

    private List<Device> connected(View view, DeviceFilter filter, String after, int wanted) {
        var found = new ArrayList<Device>();
        String position = after;
        while (found.size() < wanted) {
            var ids = sessions.devicesAfter(position, STEP);
            if (ids.isEmpty()) {
                break;
            }
            for (String id : ids) {
                position = id;
                DeviceId.parse(id)
                        .flatMap(view::device)
                        .filter(device -> fits(device, filter))
                        .ifPresent(found::add);
                if (found.size() == wanted) {
                    break;
                }
            }
        }
        return found;
    }

    private List<Device> unconnected(View view, DeviceFilter filter, String after, int wanted) {
        var found = new ArrayList<Device>();
        String position = after;
        while (found.size() < wanted) {
            var some = view.devices(filter, position, STEP);
            for (var device : some) {
                position = device.id().caseFolded();
                if (found.size() < wanted && !sessions.connected(device.id())) {
                    found.add(device);
                }
            }
            if (some.size() < STEP) {
                break;
            }
        }
        return found;
    }

    private static boolean fits(Device device, DeviceFilter filter) {
        return filter.fleet().map(device.fleet()::equals).orElse(true)
                && filter.state().map(device.shownState()::equals).orElse(true)
                && filter.idPrefix()
                        .map(prefix -> device.id().caseFolded().startsWith(prefix.toLowerCase(Locale.ROOT)))
                        .orElse(true);
    }
}
