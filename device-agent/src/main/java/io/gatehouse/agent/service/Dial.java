package io.gatehouse.agent.service;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.function.Consumer;

/** Opens a TCP connection to a host by whichever of its addresses answers first, in the order of the resolver. */
public final class Dial {
    private Dial() {}

    /**
     * A connected socket.
     *
     * @param each how long one address may take
     * @param opened told of each socket before it connects, so that it can be closed from outside
     */
    public static Socket connect(String host, int port, Duration each, Consumer<Socket> opened) throws IOException {
        var failure = new IOException("the host has no address");
        for (var address : InetAddress.getAllByName(host)) {
            var socket = new Socket();
            opened.accept(socket);
            try {
                socket.setTcpNoDelay(true);
                socket.connect(new InetSocketAddress(address, port), (int) each.toMillis());
                return socket;
            } catch (IOException e) {
                socket.close();
                failure = e;
            }
        }
        throw failure;
    }
}
