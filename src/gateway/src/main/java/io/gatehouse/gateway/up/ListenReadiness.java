package io.gatehouse.gateway.up;

import io.gatehouse.gateway.supervise.Part;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** Ready when its port takes connections. */
record ListenReadiness(String address, int port) implements Part.Readiness {
    private static final int MILLIS = 1000;

    @Override
    public boolean isReady() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
