package io.gatehouse.benchmarks;

import java.lang.reflect.Method;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * HiveMQ without any extension, for comparison: it lets in whom TLS lets in. A server without an extension that authenticates refuses
 * everybody, unless this switch of its own is turned off.
 */
public final class BareBroker {
    private BareBroker() {}

    /** Runs in HiveMQ's class path. */
    public static void main(String[] args) throws ReflectiveOperationException {
        Class<?> settings = Class.forName("com.hivemq.configuration.service.InternalConfigurations");
        ((AtomicBoolean) settings.getField("AUTH_DENY_UNAUTHENTICATED_CONNECTIONS")
                        .get(null))
                .set(false);
        Method server = Class.forName("com.hivemq.HiveMQServer").getMethod("main", String[].class);
        server.invoke(null, (Object) args);
    }
}
