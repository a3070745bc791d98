package io.gatehouse.admission.replica;

import io.gatehouse.admission.feed.Entry.DeviceEntry;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.DeviceState;
import io.gatehouse.identity.FleetName;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The devices, in columns: about 60 bytes each. A slot that a certificate refers to lives on when its device goes, or comes first,
 * and then holds nothing but the name. Not thread-safe.
 */
final class DeviceTable {
    private static final byte FREE = 0;
    private static final byte NAME_ONLY = 1;
    private static final int FIRST_STATE = 2;
    private static final List<DeviceState> STATES = List.of(DeviceState.values());

    private static final class Page {
        final byte[][] ids = new byte[Slots.PAGE][];
        final byte[] states = new byte[Slots.PAGE];
        final @Nullable FleetName[] fleets = new FleetName[Slots.PAGE];
        final byte[][] attributes = new byte[Slots.PAGE][];
        final int[] revocations = new int[Slots.PAGE];
        final int[] certificates = new int[Slots.PAGE];
    }

    // Ids can be chosen by those who enroll, so where they fall in the index must not be.
    private final long seed = new SecureRandom().nextLong();
    private final Slots slots = new Slots();
    private final SlotIndex index = new SlotIndex(slot -> hash(page(slot).ids[at(slot)]));
    private final List<Page> pages = new ArrayList<>();
    private final Map<FleetName, FleetName> fleetNames = new HashMap<>();
    private int devices;

    int size() {
        return devices;
    }

    int slotEnd() {
        return slots.end();
    }

    Optional<DeviceEntry> get(DeviceId id) {
        int slot = find(id);
        return slot < 0 ? Optional.empty() : entry(slot);
    }

    /** The device of that slot, unless the slot is free or only a name. */
    Optional<DeviceEntry> entry(int slot) {
        Page page = page(slot);
        int i = at(slot);
        FleetName fleet = page.fleets[i];
        if (page.states[i] < FIRST_STATE || fleet == null) {
            return Optional.empty();
        }
        return Optional.of(new DeviceEntry(
                id(slot),
                fleet,
                STATES.get(page.states[i] - FIRST_STATE),
                PackedAttributes.unpack(page.attributes[i]),
                page.revocations[i]));
    }

    DeviceId id(int slot) {
        return DeviceId.of(new String(page(slot).ids[at(slot)], StandardCharsets.ISO_8859_1));
    }

    void put(DeviceEntry device) {
        int slot = slotFor(device.id());
        Page page = page(slot);
        int i = at(slot);
        if (page.states[i] == NAME_ONLY) {
            devices++;
        }
        page.states[i] = (byte) (FIRST_STATE + STATES.indexOf(device.state()));
        page.fleets[i] = fleetNames.computeIfAbsent(device.fleet(), name -> name);
        page.attributes[i] = PackedAttributes.pack(device.attributes());
        page.revocations[i] = device.revocations();
    }

    void remove(DeviceId id) {
        int slot = find(id);
        if (slot < 0 || page(slot).states[at(slot)] < FIRST_STATE) {
            return;
        }
        Page page = page(slot);
        int i = at(slot);
        page.states[i] = NAME_ONLY;
        page.fleets[i] = null;
        page.attributes[i] = PackedAttributes.NONE;
        page.revocations[i] = 0;
        devices--;
        freeUnlessReferred(slot);
    }

    /** The slot of that device for a certificate to refer to, with or without a device in it. */
    int refer(DeviceId id) {
        int slot = slotFor(id);
        page(slot).certificates[at(slot)]++;
        return slot;
    }

    /** A certificate refers to that slot no more. */
    void release(int slot) {
        page(slot).certificates[at(slot)]--;
        freeUnlessReferred(slot);
    }

    private void freeUnlessReferred(int slot) {
        Page page = page(slot);
        int i = at(slot);
        if (page.states[i] == NAME_ONLY && page.certificates[i] == 0) {
            index.removeAt(positionOf(slot));
            page.states[i] = FREE;
            page.ids[i] = new byte[0];
            slots.giveBack(slot);
        }
    }

    private int slotFor(DeviceId id) {
        int found = find(id);
        if (found >= 0) {
            return found;
        }
        int slot = slots.take();
        if (slot / Slots.PAGE == pages.size()) {
            pages.add(new Page());
        }
        page(slot).ids[at(slot)] = id.value().getBytes(StandardCharsets.ISO_8859_1);
        page(slot).states[at(slot)] = NAME_ONLY;
        index.add(slot);
        return slot;
    }

    private int find(DeviceId id) {
        String text = id.value();
        for (int p = index.start(hash(text)); ; p = index.next(p)) {
            int slot = index.at(p);
            if (slot < 0 || same(page(slot).ids[at(slot)], text)) {
                return slot;
            }
        }
    }

    private int positionOf(int slot) {
        int p = index.start(hash(page(slot).ids[at(slot)]));
        while (index.at(p) != slot) {
            p = index.next(p);
        }
        return p;
    }

    private static boolean same(byte[] id, String text) {
        if (id.length != text.length()) {
            return false;
        }
        for (int i = 0; i < id.length; i++) {
            if (id[i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private int hash(byte[] id) {
        long hash = seed;
        for (byte b : id) {
            hash = step(hash, b);
        }
        return fold(hash);
    }

    private int hash(String id) {
        long hash = seed;
        for (int i = 0; i < id.length(); i++) {
            hash = step(hash, id.charAt(i));
        }
        return fold(hash);
    }

    private static long step(long hash, int character) {
        long mixed = (hash ^ character) * 0x9E37_79B9_7F4A_7C15L;
        return mixed ^ (mixed >>> 29);
    }

    private static int fold(long hash) {
        return (int) (hash ^ (hash >>> 32));
    }

    private Page page(int slot) {
        return pages.get(slot / Slots.PAGE);
    }

    private static int at(int slot) {
        return slot % Slots.PAGE;
    }
}
