package io.gatehouse.admission.replica;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * From hashes to slots of a table: open addressing with linear probing, four to eleven bytes per entry. The table compares the keys,
 * since only it has them: {@code for (int p = start(hash); (slot = at(p)) >= 0; p = next(p))}. Not thread-safe.
 */
final class SlotIndex {
    private static final int FIRST_CAPACITY = 64;

    private final IntUnaryOperator hashOfSlot;
    private int[] slots = empty(FIRST_CAPACITY);
    private int size;

    /** {@code hashOfSlot}: the hash of the key that a slot holds. */
    SlotIndex(IntUnaryOperator hashOfSlot) {
        this.hashOfSlot = hashOfSlot;
    }

    int size() {
        return size;
    }

    int start(int hash) {
        return hash & (slots.length - 1);
    }

    int next(int position) {
        return (position + 1) & (slots.length - 1);
    }

    /** The slot at that position, or -1 where the search ends. */
    int at(int position) {
        return slots[position];
    }

    /** Adds a slot whose key is not here yet. */
    void add(int slot) {
        // At most 3/4 full, so that a search for what is not here stays short.
        if (size + 1 > slots.length - slots.length / 4) {
            grow();
        }
        place(slot);
        size++;
    }

    /** Removes what stands at that position, and closes the gap so that no search ends too early. */
    void removeAt(int position) {
        int gap = position;
        slots[gap] = -1;
        size--;
        for (int p = next(gap); slots[p] >= 0; p = next(p)) {
            int home = start(hashOfSlot.applyAsInt(slots[p]));
            boolean stays = gap <= p ? gap < home && home <= p : gap < home || home <= p;
            if (!stays) {
                slots[gap] = slots[p];
                slots[p] = -1;
                gap = p;
            }
        }
    }

    private void place(int slot) {
        int position = start(hashOfSlot.applyAsInt(slot));
        while (slots[position] >= 0) {
            position = next(position);
        }
        slots[position] = slot;
    }

    private void grow() {
        int[] old = slots;
        slots = empty(Math.multiplyExact(old.length, 2));
        for (int slot : old) {
            if (slot >= 0) {
                place(slot);
            }
        }
    }

    private static int[] empty(int capacity) {
        int[] slots = new int[capacity];
        Arrays.fill(slots, -1);
        return slots;
    }
}
