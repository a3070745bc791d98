package io.gatehouse.admission.replica;

import java.util.ArrayDeque;

/** Hands out slot numbers, the freed ones first. Not thread-safe. */
final class Slots {
    /** Columns are kept in pages of so many slots, so that growing never copies a column. */
    static final int PAGE = 1024;

    private static final int LIMIT = Integer.MAX_VALUE - PAGE;

    private final ArrayDeque<Integer> free = new ArrayDeque<>();
    private int end;

    /** A slot that nobody has. */
    int take() {
        Integer freed = free.poll();
        if (freed != null) {
            return freed;
        }
        if (end == LIMIT) {
            throw new IllegalStateException("the directory is full");
        }
        return end++;
    }

    void giveBack(int slot) {
        free.push(slot);
    }

    /** One more than the highest slot ever taken. */
    int end() {
        return end;
    }
}
