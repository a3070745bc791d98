package io.gatehouse.systemtests;

import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.PemText;
import io.gatehouse.testkit.ProcessRun;
import io.gatehouse.testkit.TestAuthority;
import io.gatehouse.testkit.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;

/** What somebody holds who has read the files of a home. */
public final class StolenKeys {
    private StolenKeys() {}

    /** What a broker that was taken over holds: a certificate of the services' hierarchy. */
    public static HeldCertificate brokersOwn(Gatehouse gatehouse) throws IOException, GeneralSecurityException {
        Path files = gatehouse.home().resolve("broker/conf/gatehouse");
        List<X509Certificate> chain = PemText.readCertificates(files.resolve("feed.pem"));
        String pem = Files.readString(files.resolve("feed.key")).replaceAll("-----[A-Z ]+-----|\\s", "");
        PrivateKey key = ec(Base64.getDecoder().decode(pem));
        return new HeldCertificate(new KeyPair(chain.get(0).getPublicKey(), key), chain.get(0), chain);
    }

    /** An authority that holds the real key of the home's devices CA, decrypted by openssl with the home's passphrase. */
    public static TestAuthority devicesCa(Gatehouse gatehouse) throws GeneralSecurityException {
        Tools.require("openssl");
        ProcessRun.Result key = ProcessRun.of("openssl", "pkey", "-outform", "DER")
                .with("-in", gatehouse.home().resolve("secrets/devices.key").toString())
                .with("-passin", "file:" + gatehouse.home().resolve("secrets/unlock"))
                .run()
                .ok();
        // openssl writes the old EC form in DER; PKCS#8 is asked for by another verb.
        PrivateKey stolen =
                ec(ProcessRun.of("openssl", "pkcs8", "-topk8", "-nocrypt", "-inform", "DER", "-outform", "DER")
                        .stdin(key.outBytes())
                        .run()
                        .ok()
                        .outBytes());
        List<X509Certificate> devices =
                PemText.readCertificates(gatehouse.home().resolve("pki/devices.pem"));
        return TestAuthority.of(stolen, devices.get(1), List.of(devices.get(0)));
    }

    private static PrivateKey ec(byte[] pkcs8) throws GeneralSecurityException {
        return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    }
}
