package io.gatehouse.enrollment.edges;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.PemText;
import io.gatehouse.testkit.ProcessRun;
import io.gatehouse.testkit.Tools;
import io.gatehouse.x509.der.DerReader;
import io.gatehouse.x509.der.DerTag;
import io.gatehouse.x509.der.DerWriter;
import io.gatehouse.x509.der.MalformedException;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code /pki/ocsp} over HTTP, as openssl and as other clients ask. */
class OcspTest {
    private static final RunningService SERVICE = RunningService.get();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final X509Certificate CA =
            PemText.readCertificates(SERVICE.home.devicesPem()).get(1);

    @TempDir
    Path directory;

    private final String fleet = SERVICE.newFleet();

    @Test
    void openssl_is_told_of_each_change_as_soon_as_it_was_answered() throws Exception {
        Tools.require("openssl");
        var name = SERVICE.newDeviceName();
        var device = SERVICE.enrolled(fleet, name);
        for (var hash : List.of("-sha1", "-sha256")) {
            for (var nonce : List.of("-nonce", "-no_nonce")) {
                assertThat(openssl(device, hash, nonce)).contains("Response verify OK", "device.pem: good");
            }
        }
        act(name, "suspend");
        assertThat(openssl(device, "-sha1", "-no_nonce")).contains("device.pem: revoked", "Reason: certificateHold");
        act(name, "resume");
        assertThat(openssl(device, "-sha1", "-no_nonce")).contains("device.pem: good");
        act(name, "revoke");
        assertThat(openssl(device, "-sha1", "-no_nonce")).contains("Response verify OK", "device.pem: revoked");
        act(name, "decommission");
        assertThat(openssl(device, "-sha256", "-nonce"))
                .contains("device.pem: revoked")
                .doesNotContain("WARNING: no nonce");
    }

    @Test
    void openssl_has_no_quarrel_with_a_serial_that_nobody_issued() throws Exception {
        Tools.require("openssl");
        var file = Files.writeString(directory.resolve("ca.pem"), PemText.certificate(CA));
        var said = ProcessRun.of("openssl", "ocsp", "-issuer", file.toString(), "-serial", "0x1234567890abcdef")
                .with(
                        "-url",
                        SERVICE.pkiUrl() + "/pki/ocsp",
                        "-CAfile",
                        SERVICE.home.devicesPem().toString())
                .with("-resp_text")
                .run()
                .both();

        assertThat(said).contains("0x1234567890abcdef: revoked", "Jan  1 00:00:00 1970 GMT", "Response verify OK");
    }

    @Test
    void get_takes_what_clients_escape_and_what_they_do_not() throws Exception {
        var device = SERVICE.enrolled(fleet, SERVICE.newDeviceName());
        // wherever its octets fall in base64, there are a '+' and two slashes in a row; the length makes the padding
        var wild = Stream.of("", "00", "0000")
                .map(more -> request(new BigInteger("00ffffffffff" + "fbefbefbefbe00".repeat(3) + more, 16)))
                .toList();
        assertThat(wild.stream().map(Base64.getEncoder()::encodeToString))
                .allSatisfy(base64 -> assertThat(base64).contains("//", "+"))
                .anySatisfy(base64 -> assertThat(base64).endsWith("=="))
                .anySatisfy(base64 -> assertThat(base64).matches(".*[^=]="))
                .anySatisfy(base64 -> assertThat(base64).doesNotContain("="));
        var plain = Stream.of(request(device.certificate().getSerialNumber()));
        for (var der : Stream.concat(plain, wild.stream()).toList()) {
            var base64 = Base64.getEncoder().encodeToString(der);
            var escaped = base64.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D");
            var posted = post(der);
            for (var form : List.of(base64, escaped, escaped.replace("%2F", "%2f"), base64.replace("=", ""))) {
                var got = get(form);
                assertThat(got.statusCode()).as(form).isEqualTo(200);
                assertThat(got.headers().firstValue("Content-Type")).contains("application/ocsp-response");
                assertThat(ocspStatus(got.body())).isZero();
                assertThat(got.body().length).isCloseTo(posted.body().length, Offset.offset(4));
            }
        }
    }

    @Test
    void get_may_be_cached_for_a_minute_and_says_until_when_it_holds() throws Exception {
        var device = SERVICE.enrolled(fleet, SERVICE.newDeviceName());
        var base64 =
                Base64.getEncoder().encodeToString(request(device.certificate().getSerialNumber()));
        var got = get(base64);

        assertThat(got.headers().firstValue("Cache-Control"))
                .contains("max-age=60, public, no-transform, must-revalidate");
        var thisUpdate = date(got, "Last-Modified");
        assertThat(date(got, "Expires")).isEqualTo(thisUpdate.plusSeconds(3600));
        assertThat(thisUpdate)
                .isBeforeOrEqualTo(Instant.now())
                .isAfter(Instant.now().minusSeconds(60));

        var tag = got.headers().firstValue("ETag").orElseThrow();
        var again = CLIENT.send(
                HttpRequest.newBuilder(URI.create(SERVICE.pkiUrl() + "/pki/ocsp/" + base64))
                        .header("If-None-Match", tag)
                        .build(),
                BodyHandlers.ofByteArray());
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
    }

    @Test
    void what_is_no_request_is_told_in_ocsp_and_kept_by_nobody() throws Exception {
        for (var path : List.of("AAAA", "%21%21", "hello", "..%2F..%2Fetc", "MA", "/", "a//b")) {
            var got = get(path);
            assertThat(got.statusCode()).as(path).isEqualTo(200);
            assertThat(ocspStatus(got.body())).as(path).isEqualTo(1);
            assertThat(got.headers().firstValue("Cache-Control")).contains("no-store");
        }
        assertThat(ocspStatus(post(new byte[0]).body())).isEqualTo(1);
        assertThat(ocspStatus(post(new byte[4096]).body())).isEqualTo(1);
        assertThat(post(new byte[4097]).statusCode()).isEqualTo(413);
        var put = CLIENT.send(
                HttpRequest.newBuilder(URI.create(SERVICE.pkiUrl() + "/pki/ocsp"))
                        .PUT(BodyPublishers.ofString("x"))
                        .build(),
                BodyHandlers.ofString());
        assertThat(put.statusCode()).isEqualTo(405);
    }

    @Test
    void while_many_ask_no_asker_hears_good_after_a_revocation_was_answered() throws Exception {
        var names = Stream.generate(SERVICE::newDeviceName).limit(12).toList();
        var requests = names.stream()
                .map(name -> request(SERVICE.enrolled(fleet, name).certificate().getSerialNumber()))
                .toList();
        var over = new AtomicBoolean();
        var askers = Stream.generate(() -> new Thread(() -> {
                    for (int i = 0; !over.get(); i++) {
                        post(requests.get(i % requests.size()));
                    }
                }))
                .limit(4)
                .toList();
        askers.forEach(Thread::start);
        try {
            for (int i = 0; i < names.size(); i++) {
                for (int round = 0; round < 5; round++) {
                    act(names.get(i), "suspend");
                    assertThat(isGood(requests.get(i))).as("held").isFalse();
                    act(names.get(i), "resume");
                    assertThat(isGood(requests.get(i))).as("released").isTrue();
                }
                act(names.get(i), "revoke");
                assertThat(isGood(requests.get(i))).as("revoked").isFalse();
            }
        } finally {
            over.set(true);
            for (var asker : askers) {
                asker.join();
            }
        }
        for (var request : requests) {
            assertThat(isGood(request)).isFalse();
        }
    }

    private void act(String device, String verb) {
        var reply = SERVICE.rest("POST", "/api/v1/devices/" + device + "/" + verb, null, "");
        assertThat(reply.statusCode()).as(reply.body()).isIn(200, 202);
    }

    private String openssl(HeldCertificate device, String... more) throws Exception {
        var ca = Files.writeString(directory.resolve("ca.pem"), PemText.certificate(CA));
        var leaf = Files.writeString(directory.resolve("device.pem"), PemText.certificate(device.certificate()));
        return ProcessRun.of("openssl", "ocsp")
                .with(more)
                .with("-issuer", ca.toString(), "-cert", leaf.toString())
                .with(
                        "-url",
                        SERVICE.pkiUrl() + "/pki/ocsp",
                        "-CAfile",
                        SERVICE.home.devicesPem().toString())
                .run()
                .both();
    }

    private static HttpResponse<byte[]> post(byte[] request) {
        return send(HttpRequest.newBuilder(URI.create(SERVICE.pkiUrl() + "/pki/ocsp"))
                .header("Content-Type", "application/ocsp-request")
                .POST(BodyPublishers.ofByteArray(request))
                .build());
    }

    private static HttpResponse<byte[]> get(String encoded) {
        return send(HttpRequest.newBuilder(URI.create(SERVICE.pkiUrl() + "/pki/ocsp/" + encoded))
                .build());
    }

    private static HttpResponse<byte[]> send(HttpRequest request) {
        try {
            return CLIENT.send(request, BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Instant date(HttpResponse<?> reply, String header) {
        return ZonedDateTime.parse(
                        reply.headers().firstValue(header).orElseThrow(), DateTimeFormatter.RFC_1123_DATE_TIME)
                .toInstant();
    }

    /** A request for one certificate of the devices CA, by SHA-1. */
    private static byte[] request(BigInteger serial) {
        try {
            var info = new DerReader(CA.getPublicKey().getEncoded()).sequence();
            info.skip();
            var sha1 = MessageDigest.getInstance("SHA-1");
            var id = DerWriter.sequence(
                    DerWriter.sequence(DerWriter.oid("1.3.14.3.2.26"), DerWriter.nullValue()),
                    DerWriter.octetString(
                            sha1.digest(CA.getSubjectX500Principal().getEncoded())),
                    DerWriter.octetString(sha1.digest(info.bitString())),
                    DerWriter.integer(serial));
            return DerWriter.sequence(DerWriter.sequence(DerWriter.sequence(DerWriter.sequence(id))));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static int ocspStatus(byte[] answer) {
        try {
            return new DerReader(answer).sequence().content(DerTag.ENUMERATED)[0];
        } catch (MalformedException e) {
            throw new AssertionError(Arrays.toString(answer), e);
        }
    }

    /** Whether the one certificate that is asked after is good. */
    private static boolean isGood(byte[] request) {
        try {
            var answer = new DerReader(post(request).body()).sequence();
            answer.skip();
            var bytes = answer.open(DerTag.constructed(0)).sequence();
            bytes.skip();
            var data = new DerReader(bytes.octetString()).sequence().sequence();
            data.skip();
            data.skip();
            var single = data.sequence().sequence();
            single.skip();
            return single.next(DerTag.primitive(0));
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }
}
