package io.gatehouse.enrollment.http;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * What one port is and how much of it a stranger may use.
 *
 * @param name for threads, log and metrics
 * @param address where to listen; port 0 is any free one
 * @param askForCertificate whether the handshake asks for a client certificate (it never requires one)
 * @param threads how many requests are worked on at a time, at most
 * @param streams how many streams are open at a time, at most
 * @param connections how many connections are open at a time, at most
 * @param patience how long a peer may take for a handshake with the head of a request, and again for its body; also how long an
 *     idle connection is kept
 */
public record PortSettings(
        String name,
        InetSocketAddress address,
        boolean askForCertificate,
        int threads,
        int streams,
        int connections,
        Duration patience) {

    public static PortSettings of(String name, InetSocketAddress address) {
        return new PortSettings(name, address, false, 16, 0, 500, Duration.ofSeconds(20));
    }

    public PortSettings askingForCertificate() {
        return new PortSettings(name, address, true, threads, streams, connections, patience);
    }

    public PortSettings threads(int most) {
        return new PortSettings(name, address, askForCertificate, most, streams, connections, patience);
    }

    public PortSettings streams(int most) {
        return new PortSettings(name, address, askForCertificate, threads, most, connections, patience);
    }

    public PortSettings connections(int most) {
        return new PortSettings(name, address, askForCertificate, threads, streams, most, patience);
    }

    public PortSettings patience(Duration limit) {
        return new PortSettings(name, address, askForCertificate, threads, streams, connections, limit);
    }
}
