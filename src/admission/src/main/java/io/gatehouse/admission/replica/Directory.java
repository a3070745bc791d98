package io.gatehouse.admission.replica;

import java.util.function.Function;

/** Who may connect, in memory. Any number of readers and one writer; a reader sees all of a revision or nothing of it. */
public final class Directory {
    private final View view;

    Directory(View view) {
        this.view = view;
    }

    /** Runs the question on one revision; the question must be quick and must not keep the view. */
    public <T> T read(Function<View, T> question) {
        return question.apply(view);
    }
}
