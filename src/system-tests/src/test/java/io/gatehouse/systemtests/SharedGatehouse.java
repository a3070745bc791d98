package io.gatehouse.systemtests;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Hands one running Gatehouse, with MQTT over WebSocket, to every test class that asks for it, because starting one takes seconds. Such a test makes its own
 * fleets and devices, and never stops or breaks a part.
 */
public final class SharedGatehouse implements ParameterResolver {
    private static final AtomicInteger NAMES = new AtomicInteger();

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Gatehouse.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(SharedGatehouse.class))
                .computeIfAbsent(Gatehouse.class, unused -> Gatehouse.up("--wss-port", "0"), Gatehouse.class);
    }

    /** A name that no other test uses. */
    public static String fresh(String prefix) {
        return prefix + "-" + NAMES.incrementAndGet();
    }
}
