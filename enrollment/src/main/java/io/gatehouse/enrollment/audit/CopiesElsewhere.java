package io.gatehouse.enrollment.audit;

import io.gatehouse.enrollment.app.domain.AuditCheckpoint;
import io.gatehouse.enrollment.app.port.CheckpointCopies;
import io.gatehouse.identity.Fingerprint;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * Keeps checkpoints where the setting {@code audit-checkpoints-to} says: as syslog messages (RFC 5424, facility 13 "log audit", severity
 * notice) over TCP with octet counting (RFC 6587, section 3.4.1) or over UDP (RFC 5426), or as lines of a file. A checkpoint is signed and
 * no secret, so the way there needs no protection; TCP and UDP confirm nothing, so a message can be lost on the way. Thread-safe.
 */
public final class CopiesElsewhere implements CheckpointCopies {
    /** 13 times 8, and 5. */
    private static final int PRIORITY = 109;

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final URI to;
    private final String host;

    /** @param host the name under which this machine is known */
    public CopiesElsewhere(URI to, String host) {
        this.to = to;
        this.host = host;
    }

    @Override
    public void keep(AuditCheckpoint checkpoint, Fingerprint genesis) throws IOException {
        byte[] line = AuditLines.write(checkpoint, genesis);
        switch (to.getScheme()) {
            case "file" -> append(line);
            case "udp" -> udp(message(checkpoint, line));
            default -> tcp(message(checkpoint, line));
        }
    }

    /** RFC 5424, section 6; the message is the line itself, so that what a syslog server keeps can be given to {@code audit verify}. */
    private byte[] message(AuditCheckpoint checkpoint, byte[] line) {
        var head = "<" + PRIORITY + ">1 " + checkpoint.time().truncatedTo(ChronoUnit.MILLIS) + " " + hostName()
                + " gatehouse - audit-checkpoint - ";
        var json = new String(line, 0, line.length - 1, StandardCharsets.US_ASCII);
        return (head + json).getBytes(StandardCharsets.US_ASCII);
    }

    /** Printable, without a space, at most 255 characters. */
    private String hostName() {
        var clean = host.replaceAll("[^\\x21-\\x7e]", "");
        return clean.isEmpty() ? "-" : clean.substring(0, Math.min(255, clean.length()));
    }

    private void tcp(byte[] message) throws IOException {
        int millis = Math.toIntExact(PATIENCE.toMillis());
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(address(), to.getPort()), millis);
            socket.setSoTimeout(millis);
            var out = socket.getOutputStream();
            out.write((message.length + " ").getBytes(StandardCharsets.US_ASCII));
            out.write(message);
            out.flush();
            socket.shutdownOutput();
        }
    }

    private void udp(byte[] message) throws IOException {
        try (var socket = new DatagramSocket()) {
            socket.send(new DatagramPacket(message, message.length, address(), to.getPort()));
        }
    }

    private InetAddress address() throws IOException {
        return InetAddress.getByName(to.getHost().replace("[", "").replace("]", ""));
    }

    private void append(byte[] line) throws IOException {
        try (var channel = FileChannel.open(Path.of(to), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            var buffer = ByteBuffer.wrap(line);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }
}
