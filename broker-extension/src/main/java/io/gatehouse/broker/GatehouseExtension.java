package io.gatehouse.broker;

import com.hivemq.extension.sdk.api.ExtensionMain;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartOutput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopOutput;
import io.gatehouse.broker.wiring.Gatehouse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The extension's entry point. It never fails to start: HiveMQ disables an extension that does, on disk and for good. */
public final class GatehouseExtension implements ExtensionMain {
    private static final Logger LOG = LoggerFactory.getLogger(GatehouseExtension.class);

    private @Nullable Gatehouse running;

    @Override
    public void extensionStart(ExtensionStartInput input, ExtensionStartOutput output) {
        try {
            running = Gatehouse.start(input);
        } catch (RuntimeException | Error e) {
            // Without an authenticator HiveMQ's server denies everybody by itself.
            LOG.error("Gatehouse could not start; every client is refused.", e);
        }
    }

    @Override
    public void extensionStop(ExtensionStopInput input, ExtensionStopOutput output) {
        if (running != null) {
            running.close();
        }
    }
}
