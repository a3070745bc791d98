package io.gatehouse.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Another broker than ours, in a process of its own, on the port that it was told. */
final class PeerProcess implements Broker {
    private static final int READY_SECONDS = 60;

    private final Process process;
    private final int port;
    private final X509Certificate certificate;

    private PeerProcess(Process process, int port, X509Certificate certificate) {
        this.process = process;
        this.port = port;
        this.certificate = certificate;
    }

    /** Starts it and waits until it listens; {@code log} gets what it says. */
    static PeerProcess start(List<String> command, Path log, int port, X509Certificate certificate) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            PeerProcess peer = new PeerProcess(process, port, certificate);
            peer.awaitListening(log);
            return peer;
        } catch (IOException broken) {
            throw new BenchFailed("cannot start " + command.get(0) + ": " + broken.getMessage(), broken);
        }
    }

    /** The same process at another of its ports. */
    PeerProcess at(int other) {
        return new PeerProcess(process, other, certificate);
    }

    /** A port that nobody listens on at the moment. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public X509Certificate certificate() {
        return certificate;
    }

    @Override
    public ProcessTime time() {
        return ProcessTime.of(process.pid());
    }

    private void awaitListening(Path log) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
        while (!listens()) {
            if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                process.destroyForcibly();
                throw new BenchFailed("a broker did not become ready; it said what stands in " + log);
            }
            try {
                TimeUnit.MILLISECONDS.sleep(50);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new BenchFailed("interrupted", interrupted);
            }
        }
    }

    private boolean listens() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
