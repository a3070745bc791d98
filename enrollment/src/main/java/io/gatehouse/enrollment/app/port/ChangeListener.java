package io.gatehouse.enrollment.app.port;

import java.util.List;

/** Hears of directory changes right after they are durable, in order of revision. Called on the writer's thread: must not block. */
@FunctionalInterface
public interface ChangeListener {
    void committed(List<View.ChangeLine> changes, long nanos);
}
