package io.gatehouse.systemtests.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.systemtests.Gatehouse;
import io.gatehouse.systemtests.SharedGatehouse;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.ProcessRun;
import io.gatehouse.testkit.Tools;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TLS looks at no certificate when a session is resumed; the broker does. Seen with openssl. */
@ExtendWith(SharedGatehouse.class)
class ResumedTlsTest {
    @TempDir
    Path files;

    @ParameterizedTest
    @CsvSource({"-tls1_2, TCP", "-tls1_3, TCP", "-tls1_2, WSS", "-tls1_3, WSS"})
    void a_revoked_device_is_refused_on_a_resumed_tls_session(
            String tls, Seat.Transport transport, Gatehouse gatehouse) {
        Tools.require("openssl");
        String fleet = Scene.fleet(gatehouse, Map.of("subscribe", List.of("in/${device}")));
        String id = SharedGatehouse.fresh("resumed");
        HeldCertificate held = Scene.known(gatehouse, fleet, id);
        Seat seat = new Seat(gatehouse, transport, 5, held, id, null, files);

        String first = connect(seat, tls, "-sess_out");
        assertThat(first).contains("New, TLS").doesNotContain("Reused, TLS");
        assertThat(connect(seat, tls, "-sess_in")).contains("Reused, TLS").doesNotContain("revoked");

        gatehouse.rest().post("/api/v1/devices/" + id + "/revoke").expect(200);
        assertThat(connect(seat, tls, "-sess_in")).contains("Reused, TLS").contains("revoked");
    }

    /** CONNECT and DISCONNECT in one write, and all that is said until the broker closes. */
    private static String connect(Seat seat, String tls, String session) {
        HeldCertificate held = java.util.Objects.requireNonNull(seat.held());
        var pem = held.writeTo(seat.files(), held.sha256());
        byte[] packets = both(RawClient.connect(seat), new byte[] {(byte) 0xe0, 0});
        byte[] sent = seat.transport() == Seat.Transport.TCP
                ? packets
                : both(WebSocket.upgrade(seat.port()), WebSocket.frame(packets));
        ProcessRun.Result result = ProcessRun.of("openssl", "s_client", "-ign_eof", tls)
                .with("-connect", "localhost:" + seat.port(), "-servername", "localhost")
                .with("-CAfile", seat.gatehouse().trustFile().toString(), "-verify_return_error")
                .with("-cert", pem.certificates().toString(), "-key", pem.key().toString())
                .with("-cert_chain", pem.certificates().toString())
                .with(session, seat.files().resolve(held.sha256() + ".session").toString())
                .stdin(sent)
                .run();
        return new String(result.outBytes(), StandardCharsets.ISO_8859_1) + result.err();
    }

    private static byte[] both(byte[] first, byte[] second) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(first);
        all.writeBytes(second);
        return all.toByteArray();
    }
}
