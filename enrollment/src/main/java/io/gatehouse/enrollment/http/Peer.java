package io.gatehouse.enrollment.http;

import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Who is at the other end of the connection.
 *
 * @param certificates what the peer presented in the TLS handshake, leaf first: the handshake proved that the peer has the
 *     leaf's key, and nothing else was checked. Empty when it presented none
 */
public record Peer(InetSocketAddress address, List<X509Certificate> certificates) {
    public Peer {
        certificates = List.copyOf(certificates);
    }

    /** The address as text, without a port; for logs and throttles. */
    public String host() {
        var inet = address.getAddress();
        return inet == null ? address.getHostString() : inet.getHostAddress();
    }

    public boolean loopback() {
        var inet = address.getAddress();
        return inet != null && inet.isLoopbackAddress();
    }
}
