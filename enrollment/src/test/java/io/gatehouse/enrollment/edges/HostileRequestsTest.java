package io.gatehouse.enrollment.edges;

import static io.gatehouse.enrollment.edges.RunningService.basic;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.enrollment.http.RawPeer;
import io.gatehouse.testkit.Keys;
import io.gatehouse.testkit.ProcessRun;
import io.gatehouse.testkit.TestDevice;
import io.gatehouse.testkit.Tools;
import io.gatehouse.x509.Pkcs10Request;
import io.gatehouse.x509.der.DerWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Requests that nobody in his right mind sends, each with a good claim, over the real port of a service of their own: every one is
 * refused with a word, gives no certificate, leaves no line in the audit, and spends nothing of the claim.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileRequestsTest {
    private static final String SIMPLE_ENROLL = "/.well-known/est/simpleenroll";

    private final RunningService service = RunningService.started(InstantSource.system());
    private final String fleet = service.newFleet();

    @TempDir
    private Path directory;

    /** What openssl signs without a word: the key, what is asked for, and our answer. ID stands for the device's name. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            RSA of 512 bits                   | -newkey rsa:512  -subj /CN=ID                                              | 400 | weak-key
            RSA of 1024 bits                  | -newkey rsa:1024 -subj /CN=ID                                              | 400 | weak-key
            RSA of 2047 bits                  | -newkey rsa:2047 -subj /CN=ID                                              | 400 | weak-key
            RSA of 4104 bits                  | -newkey rsa:4104 -subj /CN=ID                                              | 400 | weak-key
            RSA with the exponent 3           | -newkey rsa:2048 -pkeyopt rsa_keygen_pubexp:3 -subj /CN=ID                 | 400 | weak-key
            RSA-PSS                           | -newkey rsa-pss -pkeyopt rsa_keygen_bits:2048 -subj /CN=ID                 | 400 | weak-key
            explicit parameters of P-256      | -newkey ec -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit -subj /CN=ID | 400 | weak-key
            P-192                             | -newkey ec -pkeyopt ec_paramgen_curve:P-192 -subj /CN=ID                   | 400 | weak-key
            P-224                             | -newkey ec -pkeyopt ec_paramgen_curve:P-224 -subj /CN=ID                   | 400 | weak-key
            secp256k1                         | -newkey ec -pkeyopt ec_paramgen_curve:secp256k1 -subj /CN=ID               | 400 | weak-key
            brainpoolP256r1                   | -newkey ec -pkeyopt ec_paramgen_curve:brainpoolP256r1 -subj /CN=ID         | 400 | weak-key
            a binary curve                    | -newkey ec -pkeyopt ec_paramgen_curve:sect283r1 -subj /CN=ID               | 400 | weak-key
            Ed448                             | -newkey ed448 -subj /CN=ID                                                 | 400 | weak-key
            ECDSA with SHA-1                  | -newkey ec -pkeyopt ec_paramgen_curve:P-256 -sha1 -subj /CN=ID             | 400 | bad-signature
            RSA with SHA-1                    | -newkey rsa:2048 -sha1 -subj /CN=ID                                        | 400 | bad-signature
            RSA with MD5                      | -newkey rsa:2048 -md5 -subj /CN=ID                                         | 400 | bad-signature
            RSA with SHA-224                  | -newkey rsa:2048 -sha224 -subj /CN=ID                                      | 400 | bad-signature
            two common names                  | -newkey ed25519 -subj /CN=ID/CN=ID                                         | 400 | name-mismatch
            two names in one RDN              | -newkey ed25519 -multivalue-rdn -subj /CN=ID+CN=other                      | 400 | name-mismatch
            another common name               | -newkey ed25519 -subj /CN=other                                            | 400 | name-mismatch
            a common name and a country       | -newkey ed25519 -subj /C=DE/CN=ID                                          | 400 | name-mismatch
            another device's URI              | -newkey ed25519 -subj /CN=ID -addext subjectAltName=URI:spiffe://gatehouse.internal/device/other | 400 | name-mismatch
            its URI in another trust domain   | -newkey ed25519 -subj /CN=ID -addext subjectAltName=URI:spiffe://elsewhere/device/ID | 400 | name-mismatch
            a role of the service             | -newkey ed25519 -subj /CN=ID -addext subjectAltName=URI:spiffe://gatehouse.internal/service/enrollment | 400 | name-mismatch
            a host name                       | -newkey ed25519 -subj /CN=ID -addext subjectAltName=DNS:localhost          | 400 | name-mismatch
            a wildcard of hosts               | -newkey ed25519 -subj /CN=ID -addext subjectAltName=DNS:*.example          | 400 | name-mismatch
            an address                        | -newkey ed25519 -subj /CN=ID -addext subjectAltName=IP:127.0.0.1           | 400 | name-mismatch
            a mailbox                         | -newkey ed25519 -subj /CN=ID -addext subjectAltName=email:root@localhost   | 400 | name-mismatch
            a user principal                  | -newkey ed25519 -subj /CN=ID -addext subjectAltName=otherName:1.3.6.1.4.1.311.20.2.3;UTF8:root | 400 | name-mismatch
            to be a CA                        | -newkey ed25519 -subj /CN=ID -addext basicConstraints=critical,CA:TRUE     | 400 | forbidden-extension
            to be a CA, not critical          | -newkey ed25519 -subj /CN=ID -addext basicConstraints=CA:TRUE,pathlen:3    | 400 | forbidden-extension
            to sign certificates              | -newkey ed25519 -subj /CN=ID -addext keyUsage=digitalSignature,keyCertSign | 400 | forbidden-extension
            to sign revocation lists          | -newkey ed25519 -subj /CN=ID -addext keyUsage=cRLSign                      | 400 | forbidden-extension
            serverAuth                        | -newkey ed25519 -subj /CN=ID -addext extendedKeyUsage=serverAuth           | 400 | forbidden-extension
            serverAuth beside clientAuth      | -newkey ed25519 -subj /CN=ID -addext extendedKeyUsage=clientAuth,serverAuth | 400 | forbidden-extension
            any extended key usage            | -newkey ed25519 -subj /CN=ID -addext extendedKeyUsage=2.5.29.37.0          | 400 | forbidden-extension
            OCSPSigning                       | -newkey ed25519 -subj /CN=ID -addext extendedKeyUsage=OCSPSigning          | 400 | forbidden-extension
            a registration authority          | -newkey ed25519 -subj /CN=ID -addext extendedKeyUsage=1.3.6.1.5.5.7.3.28   | 400 | forbidden-extension
            """)
    void what_openssl_signs_without_a_word(String what, String arguments, int status, String word) throws IOException {
        Tools.require("openssl");
        var id = service.newDeviceName();
        ProcessRun.of("openssl", "req", "-new", "-nodes", "-keyout", "a.key", "-outform", "DER", "-out", id)
                .with(arguments.replace("ID", id).split(" +"))
                .in(directory)
                .run()
                .ok();
        refused(id, base64(Files.readAllBytes(directory.resolve(id))), status, word);
    }

    @Test
    void a_compressed_point() {
        var id = service.newDeviceName();
        var keys = Keys.p256();
        byte[] spki = keys.getPublic().getEncoded();
        byte[] point = Arrays.copyOfRange(spki, spki.length - 65, spki.length - 32);
        point[0] = (byte) (2 + (spki[spki.length - 1] & 1));
        byte[] algorithm = DerWriter.sequence(DerWriter.oid("1.2.840.10045.2.1"), DerWriter.oid("1.2.840.10045.3.1.7"));
        var compressed = new EncodedKey(DerWriter.sequence(algorithm, DerWriter.bitString(point)));
        var request = Pkcs10Request.create(new KeyPair(compressed, keys.getPrivate()), id);
        refused(id, base64(request), 400, "weak-key");
    }

    /** A public key in an encoding that Java would not choose. */
    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    private record EncodedKey(byte[] getEncoded) implements PublicKey {
        @Override
        public String getAlgorithm() {
            return "EC";
        }

        @Override
        public String getFormat() {
            return "X.509";
        }
    }

    /** A device whose claim was made for one name, and whose request says another. */
    @ParameterizedTest(name = "CN={0}")
    @CsvSource(delimiter = '|', textBlock = """
            ID\\0          | bad-request
            ID\\n          | bad-request
            ID\\7          | bad-request
            ID\\205        | bad-request
            TURNED-ROUND    | name-mismatch
            LOOKS-LIKE      | name-mismatch
            SIXTY-FIVE      | name-mismatch
            UPPER-CASE      | name-mismatch
            *               | name-mismatch
            *.example       | name-mismatch
            ID/+/#          | name-mismatch
            '#'             | name-mismatch
            +               | name-mismatch
            $SYS            | name-mismatch
            ../ID           | name-mismatch
            ID,CN=other     | name-mismatch
            ' ID'           | name-mismatch
            """)
    void names_with_a_meaning_elsewhere(String template, String word) {
        var id = service.newDeviceName();
        var name = switch (template) {
            case "TURNED-ROUND" -> "\u202e" + id;
            case "LOOKS-LIKE" -> id.replace('d', '\u0501');
            case "SIXTY-FIVE" -> "x".repeat(65);
            case "UPPER-CASE" -> id.toUpperCase(Locale.ROOT);
            default -> template.replace("ID", id).translateEscapes();
        };
        refused(id, base64(Pkcs10Request.create(Keys.p256(), name)), 400, word);
    }

    @Test
    void what_is_no_request_at_all() {
        var id = service.newDeviceName();
        byte[] good = TestDevice.named(id).request();
        byte[] trailing = Arrays.copyOf(good, good.length + 1);
        byte[] half = Arrays.copyOf(good, good.length / 2);
        byte[] flipped = good.clone();
        flipped[flipped.length - 1] ^= 1;
        var keys = Keys.p256();
        var foreign =
                Pkcs10Request.create(new KeyPair(keys.getPublic(), Keys.p256().getPrivate()), id);
        refused(id, base64(trailing), 400, "bad-request");
        refused(id, base64(half), 400, "bad-request");
        refused(id, base64(new byte[300]), 400, "bad-request");
        refused(id, base64(new byte[] {0x30, (byte) 0x84, 0x7f, -1, -1, -1}), 400, "bad-request");
        refused(id, base64(flipped), 400, "bad-signature");
        refused(id, base64(foreign), 400, "bad-signature");
        refused(id, "", 400, "bad-request");
        refused(id, "=", 400, "bad-request");
        refused(id, "\u0000\u0001\u0002\u0003", 400, "bad-request");
        refused(id, base64(new byte[17_000]), 413, "too-large");
    }

    @Test
    void another_devices_name_on_renewal() {
        var victim = service.newDeviceName();
        service.enrolled(fleet, victim);
        var context = service.enrolled(fleet, service.newDeviceName()).sslContext(service.anchors());
        long before = auditEntries();
        for (var operation : List.of("simplereenroll", "simpleenroll")) {
            var reply =
                    service.est(context, operation, "", TestDevice.named(victim).requestBase64());
            assertRefused(reply, 400, "name-mismatch");
        }
        assertThat(auditEntries()).isEqualTo(before);
        assertThat(service.expect(200, "GET", "/api/v1/devices/" + victim, null).path("certificates"))
                .hasSize(1);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "POST, application/json, 415, wrong-content-type",
        "POST, application/x-pem-file, 415, wrong-content-type",
        "POST, text/plain, 415, wrong-content-type",
        "POST, application/pkcs10-and-more, 415, wrong-content-type",
        "POST, '', 415, wrong-content-type",
        "PUT, application/pkcs10, 405, method-not-allowed",
        "PATCH, application/pkcs10, 405, method-not-allowed",
        "DELETE, application/pkcs10, 405, method-not-allowed",
        "OPTIONS, application/pkcs10, 405, method-not-allowed",
        "TRACE, application/pkcs10, 405, method-not-allowed",
        "BREW, application/pkcs10, 405, method-not-allowed"
    })
    void the_wrong_type_or_method(String method, String type, int status, String word) {
        var id = service.newDeviceName();
        var body = TestDevice.named(id).requestBase64();
        var secret = service.claim(fleet, id);
        long before = auditEntries();
        var reply = service.raw(
                service.trusting(),
                method + " " + SIMPLE_ENROLL + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + basic(id, secret)
                        + (type.isEmpty() ? "" : "Content-Type: " + type + "\r\n") + "Content-Length: "
                        + body.length() + "\r\n\r\n" + body);
        assertRefused(reply, status, word);
        assertNothingHappened(id, before);
        assertClaimsAreOpen(id);
    }

    private void refused(String id, String body, int status, String word) {
        var secret = service.claim(fleet, id);
        long before = auditEntries();
        var reply = service.est(service.trusting(), "simpleenroll", basic(id, secret), body);
        assertRefused(reply, status, word);
        assertNothingHappened(id, before);
        assertClaimsAreOpen(id);
    }

    private void assertClaimsAreOpen(String id) {
        assertThat(service.expect(200, "GET", "/api/v1/claims?device=" + id, null)
                        .path("items"))
                .isNotEmpty()
                .allSatisfy(claim -> assertThat(claim.path("state").asText()).isEqualTo("open"));
    }

    private void assertNothingHappened(String id, long auditEntriesBefore) {
        assertThat(auditEntries()).isEqualTo(auditEntriesBefore);
        assertThat(service.rest("GET", "/api/v1/devices/" + id, null, "application/json")
                        .statusCode())
                .isEqualTo(404);
    }

    private static void assertRefused(RawPeer.Reply reply, int status, String word) {
        assertThat(reply.status()).as(reply.toString()).isEqualTo(status);
        assertThat(reply.header("Gatehouse-Reason")).as(reply.toString()).isEqualTo(word);
        assertThat(reply.body()).as(reply.toString()).startsWith(word).hasLineCount(1);
    }

    private long auditEntries() {
        return service.expect(200, "POST", "/api/v1/audit/verify", null)
                .path("entries")
                .asLong();
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
