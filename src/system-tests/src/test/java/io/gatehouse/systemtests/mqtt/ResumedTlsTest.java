package io.gatehouse.systemtests.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.systemtests.Gatehouse;
import io.gatehouse.systemtests.SharedGatehouse;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.Tools;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TLS looks at no certificate when a session is resumed; the broker does. Seen with openssl. */
@ExtendWith(SharedGatehouse.class)
class ResumedTlsTest {
    private static final int BANNED = 0x8A;
    /** A frame that comes earlier is not read. */
    private static final Pattern SWITCHED = Pattern.compile("HTTP/1\\.1 101 .*?\r\n\r\n", Pattern.DOTALL);
    /** The only zero byte in what openssl prints; it follows the packet's type and length. */
    private static final Pattern CONNACK = Pattern.compile("\\x20.\\x00(.)", Pattern.DOTALL);

    @TempDir
    Path files;

    @ParameterizedTest
    @CsvSource({"-tls1_2, TCP", "-tls1_3, TCP", "-tls1_2, WSS", "-tls1_3, WSS"})
    void a_revoked_device_is_refused_on_a_resumed_tls_session(String tls, Seat.Transport transport, Gatehouse gatehouse)
            throws IOException {
        Tools.require("openssl", "timeout");
        String fleet = Scene.fleet(gatehouse, Map.of("subscribe", List.of("in/${device}")));
        String id = SharedGatehouse.fresh("resumed");
        HeldCertificate held = Scene.known(gatehouse, fleet, id);
        Seat seat = Seat.of(gatehouse, transport, 5, held, id, files);

        Answer first = connect(seat, tls, "-sess_out");
        assertThat(first.said()).contains("New, TLS").doesNotContain("Reused, TLS");
        assertThat(first.connack()).isZero();
        Answer resumed = connect(seat, tls, "-sess_in");
        assertThat(resumed.said()).contains("Reused, TLS");
        assertThat(resumed.connack()).isZero();

        gatehouse.rest().post("/api/v1/devices/" + id + "/revoke").expect(200);
        Answer refused = connect(seat, tls, "-sess_in");
        assertThat(refused.said()).contains("Reused, TLS").contains("revoked");
        assertThat(refused.connack()).isEqualTo(BANNED);
    }

    private record Answer(int connack, String said) {}

    /** CONNECT, and DISCONNECT to whoever is admitted; all that was said until the broker closed. */
    private static Answer connect(Seat seat, String tls, String session) throws IOException {
        HeldCertificate held = Objects.requireNonNull(seat.held());
        var pem = held.writeTo(seat.files(), held.sha256());
        // Nothing else would end a conversation that the broker does not end.
        List<String> command = new ArrayList<>(List.of("timeout", "30", "openssl", "s_client", "-ign_eof", tls));
        command.addAll(List.of("-connect", "localhost:" + seat.port(), "-servername", "localhost"));
        command.addAll(List.of("-CAfile", seat.gatehouse().trustFile().toString(), "-verify_return_error"));
        command.addAll(List.of("-cert", pem.certificates().toString()));
        command.addAll(List.of("-key", pem.key().toString()));
        command.addAll(List.of("-cert_chain", pem.certificates().toString()));
        command.addAll(List.of(
                session, seat.files().resolve(held.sha256() + ".session").toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (OutputStream out = process.getOutputStream();
                InputStream in = process.getInputStream()) {
            return converse(seat, out, in);
        }
    }

    private static Answer converse(Seat seat, OutputStream out, InputStream in) throws IOException {
        byte[] connect = RawClient.connect(seat);
        boolean isTcp = seat.transport() == Seat.Transport.TCP;
        send(out, isTcp ? connect : WebSocket.upgrade(seat.port()));
        boolean asked = isTcp;
        int code = -1;
        StringBuilder said = new StringBuilder();
        byte[] some = new byte[4096];
        for (int length = in.read(some); length >= 0; length = in.read(some)) {
            said.append(new String(some, 0, length, StandardCharsets.ISO_8859_1));
            if (!asked && SWITCHED.matcher(said).find()) {
                asked = true;
                send(out, WebSocket.frame(connect));
            }
            Matcher connack = CONNACK.matcher(said);
            if (code < 0 && connack.find()) {
                code = connack.group(1).charAt(0);
                if (code == 0) {
                    byte[] disconnect = {(byte) 0xe0, 0};
                    send(out, isTcp ? disconnect : WebSocket.frame(disconnect));
                }
            }
        }
        return new Answer(code, said.toString());
    }

    private static void send(OutputStream out, byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }
}
