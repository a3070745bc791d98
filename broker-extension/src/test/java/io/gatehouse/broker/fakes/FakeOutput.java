package io.gatehouse.broker.fakes;

import com.hivemq.extension.sdk.api.async.Async;
import com.hivemq.extension.sdk.api.async.TimeoutFallback;
import com.hivemq.extension.sdk.api.auth.parameter.PublishAuthorizerOutput;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthOutput;
import com.hivemq.extension.sdk.api.auth.parameter.SubscriptionAuthorizerOutput;
import com.hivemq.extension.sdk.api.packets.auth.ModifiableDefaultPermissions;
import com.hivemq.extension.sdk.api.packets.connect.ConnackReasonCode;
import com.hivemq.extension.sdk.api.packets.disconnect.DisconnectReasonCode;
import com.hivemq.extension.sdk.api.packets.publish.AckReasonCode;
import com.hivemq.extension.sdk.api.packets.subscribe.SubackReasonCode;
import java.time.Duration;

/** What an extension answers to any of the callbacks, in one word: {@code undecided}, {@code success} or what it refused with. */
public final class FakeOutput {
    public volatile String answer = "undecided";
    public volatile boolean waiting;
    private final FakePermissions permissions;

    public FakeOutput(FakePermissions permissions) {
        this.permissions = permissions;
    }

    public SimpleAuthOutput auth() {
        return Partial.of(SimpleAuthOutput.class, this);
    }

    public PublishAuthorizerOutput publish() {
        return Partial.of(PublishAuthorizerOutput.class, this);
    }

    public SubscriptionAuthorizerOutput subscribe() {
        return Partial.of(SubscriptionAuthorizerOutput.class, this);
    }

    public ModifiableDefaultPermissions getDefaultPermissions() {
        return permissions;
    }

    public void authenticateSuccessfully() {
        answer = "success";
    }

    public void nextExtensionOrDefault() {
        answer = "next";
    }

    public void authorizeSuccessfully() {
        answer = "success";
    }

    public void failAuthentication(ConnackReasonCode code, String reason) {
        answer = code + " " + reason;
    }

    public void failAuthorization(AckReasonCode code, String reason) {
        answer = code + " " + reason;
    }

    public void failAuthorization(SubackReasonCode code, String reason) {
        answer = code + " " + reason;
    }

    public void disconnectClient(DisconnectReasonCode code, String reason) {
        answer = "disconnect " + code + " " + reason;
    }

    public Async<SimpleAuthOutput> async(Duration limit, TimeoutFallback fallback, String reason) {
        if (fallback != TimeoutFallback.FAILURE) {
            throw new AssertionError("success or next extension after a timeout");
        }
        waiting = true;
        return new Async<>() {
            @Override
            public void resume() {
                waiting = false;
            }

            @Override
            public SimpleAuthOutput getOutput() {
                return auth();
            }

            @Override
            public Status getStatus() {
                return Status.RUNNING;
            }
        };
    }
}
