package io.gatehouse.enrollment.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;

/**
 * Picks a port that nobody listens on now. From 20000 to 32767, below the range from which systems take the ports of outgoing
 * connections: the port is kept for years, and must not be taken by a passing client at the next start.
 */
public final class FreePorts {
    private static final int FIRST = 20_000;
    private static final int COUNT = 12_768;
    private static final int ATTEMPTS = 500;
    private static final RandomGenerator RANDOM = new SecureRandom();

    private FreePorts() {}

    /** A free port on the address that the predicate accepts. */
    public static int choose(String address, IntPredicate acceptable) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = FIRST + RANDOM.nextInt(COUNT);
            if (acceptable.test(port) && isFree(address, port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port found on " + address);
    }

    /** Whether this machine has the address, so that a server could listen on it at all. */
    public static boolean isLocal(String address) {
        try {
            InetAddress parsed = InetAddress.getByName(address);
            return parsed.isAnyLocalAddress()
                    || parsed.isLoopbackAddress()
                    || NetworkInterface.getByInetAddress(parsed) != null;
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether a server could listen there now. */
    public static boolean isFree(String address, int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getByName(address), port));
            return true;
        } catch (java.net.BindException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on " + address, e);
        }
    }
}
