package io.gatehouse.enrollment.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A CRL of a million entries, and many who read it slowly. */
class LargeAnswersTest {
    private static final int LENGTH = 24 * 1024 * 1024;
    private static final int SLOW = 40;

    @Test
    void many_slow_readers_of_one_large_answer_cost_no_copies_of_it() throws IOException {
        var body = new byte[LENGTH];
        new Random(1).nextBytes(body);
        var routes =
                new Routes(List.of(Route.get("/large", request -> Answer.of(200, "application/octet-stream", body))));
        var any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        var slow = new ArrayList<Socket>();
        try (var port = HttpPort.open(
                PortSettings.of("large", any), Optional.empty(), routes, TestPorts.TEXT, TestPorts.SEEN::add)) {
            long before = outsideOfTheHeap();
            for (int i = 0; i < SLOW; i++) {
                var reader = asking(port.port(), "GET");
                slow.add(reader);
                assertThat(reader.getInputStream().readNBytes(1024)).hasSize(1024);
            }
            try (var whole = asking(port.port(), "GET")) {
                assertThat(bodyOf(whole.getInputStream().readAllBytes())).isEqualTo(body);
            }
            try (var head = asking(port.port(), "HEAD")) {
                var answer = new String(head.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
                assertThat(answer).contains("Content-Length: " + LENGTH).endsWith("\r\n\r\n");
            }

            assertThat(outsideOfTheHeap() - before).isLessThan(LENGTH / 2);
        } finally {
            for (var reader : slow) {
                reader.close();
            }
        }
    }

    private static Socket asking(int port, String method) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(30_000);
        var request = method + " /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static byte[] bodyOf(byte[] answer) {
        int end = new String(answer, 0, 1024, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n") + 4;
        return Arrays.copyOfRange(answer, end, answer.length);
    }

    /** What the JVM holds in direct buffers, where bytes go on their way to a socket. */
    private static long outsideOfTheHeap() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getTotalCapacity)
                .sum();
    }
}
