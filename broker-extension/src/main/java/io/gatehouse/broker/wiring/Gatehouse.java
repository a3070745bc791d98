package io.gatehouse.broker.wiring;

import com.hivemq.extension.sdk.api.parameter.ExtensionStartInput;
import java.time.InstantSource;

/** The running extension. */
public final class Gatehouse implements AutoCloseable {
    private final Operation operation;
    private final Doors doors;

    private Gatehouse(Operation operation, Doors doors) {
        this.operation = operation;
        this.doors = doors;
    }

    /** Hangs the doors, closed, and starts the rest in the background. */
    public static Gatehouse start(ExtensionStartInput input) {
        var clock = InstantSource.system();
        var doors = new Doors(clock);
        doors.hang();
        if (Boolean.getBoolean("gatehouse.supervised")) {
            SupervisedEnd.watch(System.in, () -> System.exit(0));
        }
        var operation = new Operation(
                input.getServerInformation(),
                input.getExtensionInformation().getExtensionHomeFolder().toPath(),
                input.getExtensionInformation().getVersion(),
                doors,
                clock);
        new Threads("gatehouse-start").newThread(operation::begin).start();
        return new Gatehouse(operation, doors);
    }

    @Override
    public void close() {
        operation.close();
        doors.executor.shutdownNow();
        doors.tlsLog.close();
        doors.metrics.close();
    }
}
