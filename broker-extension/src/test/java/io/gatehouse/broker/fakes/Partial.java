package io.gatehouse.broker.fakes;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * Lets a hand-written class with a few methods stand for an SDK interface with many. A method that the class does not have fails the
 * test that reaches it.
 */
public final class Partial {
    private Partial() {}

    public static <T> T of(Class<T> type, Object part) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            if (method.getDeclaringClass() == Object.class) {
                return method.invoke(part, args);
            }
            try {
                var own = part.getClass().getMethod(method.getName(), method.getParameterTypes());
                own.setAccessible(true);
                return own.invoke(part, args);
            } catch (NoSuchMethodException e) {
                throw new UnsupportedOperationException(method.toString(), e);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }
}
