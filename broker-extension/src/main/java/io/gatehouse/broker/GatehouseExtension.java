package io.gatehouse.broker;

import com.hivemq.extension.sdk.api.ExtensionMain;
import com.hivemq.extension.sdk.api.auth.SimpleAuthenticator;
import com.hivemq.extension.sdk.api.packets.connect.ConnackReasonCode;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartOutput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopOutput;
import com.hivemq.extension.sdk.api.services.Services;
import io.gatehouse.identity.RefusalReason;

/** The extension's entry point. It never fails to start: HiveMQ disables an extension that does, on disk and for good. */
public final class GatehouseExtension implements ExtensionMain {
    @Override
    public void extensionStart(ExtensionStartInput input, ExtensionStartOutput output) {
        SimpleAuthenticator refuseEverybody = (in, out) ->
                out.failAuthentication(ConnackReasonCode.NOT_AUTHORIZED, RefusalReason.NOT_SYNCHRONISED.word());
        Services.securityRegistry().setAuthenticatorProvider(provider -> refuseEverybody);
    }

    @Override
    public void extensionStop(ExtensionStopInput input, ExtensionStopOutput output) {}
}
