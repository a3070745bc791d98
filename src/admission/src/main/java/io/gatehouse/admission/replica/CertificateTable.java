package io.gatehouse.admission.replica;

import io.gatehouse.admission.feed.Entry.CertificateEntry;
import io.gatehouse.identity.CertificateState;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.RevocationReason;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The certificates by their whole SHA-256, in columns: about 60 bytes each. Not thread-safe. */
final class CertificateTable {
    private static final byte FREE = -1;
    private static final List<CertificateState> STATES = List.of(CertificateState.values());
    private static final List<RevocationReason> REASONS = List.of(RevocationReason.values());

    private static final class Page {
        final long[] sha256 = new long[4 * Slots.PAGE];
        final int[] devices = new int[Slots.PAGE];
        /** The state, and in the upper four bits one more than the reason. */
        final byte[] states = new byte[Slots.PAGE];

        final long[] notBefore = new long[Slots.PAGE];
        final long[] notAfter = new long[Slots.PAGE];
    }

    private final DeviceTable devices;
    private final Slots slots = new Slots();
    // The fingerprint of a certificate that was issued is as good as random: its first half is the hash.
    private final SlotIndex index = new SlotIndex(slot -> hash(page(slot).sha256[4 * at(slot)]));
    private final List<Page> pages = new ArrayList<>();

    CertificateTable(DeviceTable devices) {
        this.devices = devices;
    }

    int size() {
        return index.size();
    }

    int slotEnd() {
        return slots.end();
    }

    Optional<CertificateEntry> get(Fingerprint sha256) {
        int position = find(words(sha256));
        int slot = index.at(position);
        return slot < 0 ? Optional.empty() : Optional.of(entry(slot, sha256));
    }

    /** The certificate of that slot, unless the slot is free. */
    Optional<CertificateEntry> entry(int slot) {
        return page(slot).states[at(slot)] == FREE ? Optional.empty() : Optional.of(entry(slot, sha256(slot)));
    }

    void put(CertificateEntry certificate) {
        long[] words = words(certificate.sha256());
        int slot = index.at(find(words));
        // Refer to the new device before the old one is released: they are mostly the same.
        int device = devices.refer(certificate.device());
        if (slot < 0) {
            slot = add(words);
        } else {
            devices.release(page(slot).devices[at(slot)]);
        }
        Page page = page(slot);
        int i = at(slot);
        int reason = certificate.reason().map(r -> REASONS.indexOf(r) + 1).orElse(0);
        page.devices[i] = device;
        page.states[i] = (byte) (reason << 4 | STATES.indexOf(certificate.state()));
        page.notBefore[i] = certificate.notBefore().getEpochSecond();
        page.notAfter[i] = certificate.notAfter().getEpochSecond();
    }

    void remove(Fingerprint sha256) {
        int position = find(words(sha256));
        int slot = index.at(position);
        if (slot >= 0) {
            index.removeAt(position);
            page(slot).states[at(slot)] = FREE;
            devices.release(page(slot).devices[at(slot)]);
            slots.giveBack(slot);
        }
    }

    private int add(long[] words) {
        int slot = slots.take();
        if (slot / Slots.PAGE == pages.size()) {
            pages.add(new Page());
        }
        System.arraycopy(words, 0, page(slot).sha256, 4 * at(slot), 4);
        index.add(slot);
        return slot;
    }

    /** Where the certificate stands in the index, or where it would. */
    private int find(long[] words) {
        for (int p = index.start(hash(words[0])); ; p = index.next(p)) {
            int slot = index.at(p);
            if (slot < 0 || same(slot, words)) {
                return p;
            }
        }
    }

    private boolean same(int slot, long[] words) {
        long[] column = page(slot).sha256;
        int from = 4 * at(slot);
        return column[from] == words[0]
                && column[from + 1] == words[1]
                && column[from + 2] == words[2]
                && column[from + 3] == words[3];
    }

    private CertificateEntry entry(int slot, Fingerprint sha256) {
        Page page = page(slot);
        int i = at(slot);
        int reason = page.states[i] >> 4;
        DeviceId device = devices.id(page.devices[i]);
        return new CertificateEntry(
                sha256,
                device,
                STATES.get(page.states[i] & 0xf),
                reason == 0 ? Optional.empty() : Optional.of(REASONS.get(reason - 1)),
                Instant.ofEpochSecond(page.notBefore[i]),
                Instant.ofEpochSecond(page.notAfter[i]));
    }

    private Fingerprint sha256(int slot) {
        long[] column = page(slot).sha256;
        var hex = new StringBuilder(64);
        for (int i = 4 * at(slot); i < 4 * at(slot) + 4; i++) {
            String word = Long.toHexString(column[i]);
            hex.append("0".repeat(16 - word.length())).append(word);
        }
        return Fingerprint.of(hex.toString());
    }

    private static long[] words(Fingerprint sha256) {
        var words = new long[4];
        ByteBuffer.wrap(sha256.bytes()).asLongBuffer().get(words);
        return words;
    }

    private static int hash(long word) {
        return (int) (word >>> 32);
    }

    private Page page(int slot) {
        return pages.get(slot / Slots.PAGE);
    }

    private static int at(int slot) {
        return slot % Slots.PAGE;
    }
}
