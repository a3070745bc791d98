package io.gatehouse.broker.counterexample;

import com.hivemq.extension.sdk.api.ExtensionMain;
import com.hivemq.extension.sdk.api.auth.SimpleAuthenticator;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthInput;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthOutput;
import com.hivemq.extension.sdk.api.auth.parameter.TopicPermission;
import com.hivemq.extension.sdk.api.packets.auth.DefaultAuthorizationBehaviour;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartOutput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopOutput;
import com.hivemq.extension.sdk.api.services.Services;
import com.hivemq.extension.sdk.api.services.builder.Builders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Falls into one trap for each client id that it knows, and relies on HiveMQ's default permissions for the rest. */
public final class Careless implements ExtensionMain, SimpleAuthenticator {
    private final Set<String> seen = ConcurrentHashMap.newKeySet();

    @Override
    public void extensionStart(ExtensionStartInput input, ExtensionStartOutput output) {
        Services.securityRegistry().setAuthenticatorProvider(provided -> this);
    }

    @Override
    public void extensionStop(ExtensionStopInput input, ExtensionStopOutput output) {}

    @Override
    public void onConnect(SimpleAuthInput input, SimpleAuthOutput output) {
        String id = input.getConnectPacket().getClientId();
        switch (id) {
            case "plus" -> allow(output, "t/+");
            case "carved" -> {
                output.getDefaultPermissions()
                        .add(Builders.topicPermission()
                                .topicFilter("a/secret")
                                .type(TopicPermission.PermissionType.DENY)
                                .build());
                allow(output, "a/#");
            }
            case "slash" -> allow(output, "exact/t");
            case "kept" -> {
                if (!seen.add(id)) {
                    output.getDefaultPermissions().setDefaultBehaviour(DefaultAuthorizationBehaviour.DENY);
                }
            }
            case "revoked-during-connect" ->
                // A revocation that arrives while the client is being authenticated.
                Services.clientService().disconnectClient(id).join();
            case "blocks" -> awaitRelease();
            default -> {
                // "empty": no permission at all, which ought to allow nothing.
            }
        }
        output.authenticateSuccessfully();
    }

    /** Waits where nobody may wait, until the test has seen what that does to others. */
    private static void awaitRelease() {
        var release = Path.of(System.getProperty("hivemq.home"), "release");
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
        while (!Files.exists(release) && System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private static void allow(SimpleAuthOutput output, String filter) {
        output.getDefaultPermissions()
                .add(Builders.topicPermission().topicFilter(filter).build());
    }
}
