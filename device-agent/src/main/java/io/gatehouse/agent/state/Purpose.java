package io.gatehouse.agent.state;

import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.FleetName;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a generation is for.
 *
 * @param renewal whether it is the successor of an identity, or made by a claim
 * @param url the enrollment service
 */
public record Purpose(boolean renewal, String url, DeviceId device, Optional<FleetName> fleet) {

    byte[] write() {
        var members = new LinkedHashMap<String, String>();
        members.put("for", renewal ? "renewal" : "enrollment");
        members.put("url", url);
        members.put("device", device.value());
        fleet.ifPresent(name -> members.put("fleet", name.value()));
        return Json.write(members);
    }

    static Optional<Purpose> read(byte[] bytes) {
        return Json.read(bytes).flatMap(Purpose::of);
    }

    private static Optional<Purpose> of(Map<String, String> members) {
        var url = Optional.ofNullable(members.get("url"));
        var device = Optional.ofNullable(members.get("device")).flatMap(DeviceId::parse);
        var fleet = Optional.ofNullable(members.get("fleet")).flatMap(FleetName::parse);
        if (url.isEmpty() || device.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Purpose("renewal".equals(members.get("for")), url.get(), device.get(), fleet));
    }

    /** The same for the successor. */
    public Purpose asRenewal() {
        return new Purpose(true, url, device, fleet);
    }
}
