package io.gatehouse.enrollment.keys;

import io.gatehouse.x509.EncryptedKeys;
import io.gatehouse.x509.Keys;
import io.gatehouse.x509.Pkcs10Request;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Security;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import javax.crypto.KeyAgreement;

/** What the JVM must still be able to do, whichever provider is first. Ends with 0 and {@code all right} when it can. */
public final class ProviderProbe {
    private ProviderProbe() {}

    public static void main(String[] arguments) throws Exception {
        var provider = CryptoProvider.installFirst();
        System.out.println("provider " + provider.name() + " " + provider.accelerated());
        System.out.println("again " + CryptoProvider.installFirst().name());
        System.out.println("X25519 " + CryptoProvider.ofX25519().name());
        System.out.println("agreed by " + agreed());
        System.out.println("providers named so "
                + Arrays.stream(Security.getProviders())
                        .filter(each -> each.getName().startsWith("AmazonCorretto"))
                        .count());

        signs("SHA256withECDSA", "EC", 256);
        signs("SHA384withECDSA", "EC", 384);
        signs("SHA512withECDSA", "EC", 521);
        signs("SHA256withRSA", "RSA", 2048);
        signs("Ed25519", "Ed25519", 255);
        opensItsOwnKeys();
        for (var protocol : List.of("TLSv1.3", "TLSv1.2")) {
            new Handshakes(protocol).mutual();
        }
        System.out.println("all right");
    }

    private static void signs(String algorithm, String kind, int bits) throws Exception {
        var generator = KeyPairGenerator.getInstance(kind);
        generator.initialize(bits);
        var pair = reread(kind, generator.generateKeyPair());
        var signer = Signature.getInstance(algorithm);
        signer.initSign(pair.getPrivate());
        signer.update(new byte[] {1, 2, 3});
        var signature = signer.sign();
        check(algorithm + " verifies", verifies(algorithm, pair, signature, (byte) 3));
        check(algorithm + " sees a change", !verifies(algorithm, pair, signature, (byte) 4));
        var request = Pkcs10Request.create(pair, "d-1");
        check(algorithm + " PKCS#10", Pkcs10Request.parse(request).toString().length() > 0);
    }

    private static boolean verifies(String algorithm, KeyPair pair, byte[] signature, byte last) throws Exception {
        var verifier = Signature.getInstance(algorithm);
        verifier.initVerify(pair.getPublic());
        verifier.update(new byte[] {1, 2, last});
        return verifier.verify(signature);
    }

    private static String agreed() throws Exception {
        var pair = KeyPairGenerator.getInstance("X25519").generateKeyPair();
        var agreement = KeyAgreement.getInstance("XDH");
        agreement.init(pair.getPrivate());
        agreement.doPhase(pair.getPublic(), true);
        return agreement.getProvider().getName();
    }

    private static KeyPair reread(String kind, KeyPair pair) throws Exception {
        var factory = KeyFactory.getInstance(kind);
        return new KeyPair(
                factory.generatePublic(new X509EncodedKeySpec(pair.getPublic().getEncoded())),
                factory.generatePrivate(
                        new PKCS8EncodedKeySpec(pair.getPrivate().getEncoded())));
    }

    private static void opensItsOwnKeys() throws Exception {
        var pair = SoftwareKey.generate();
        var sealed = EncryptedKeys.encrypt(pair.getPrivate(), "right".toCharArray());
        var opened = EncryptedKeys.decrypt(sealed, "right".toCharArray());
        check(
                "the key is the same",
                MessageDigest.isEqual(opened.getEncoded(), pair.getPrivate().getEncoded()));
        check(
                "PKCS#8",
                Keys.privateKey(pair.getPrivate().getEncoded()).getAlgorithm().equals("EC"));
        try {
            EncryptedKeys.decrypt(sealed, "wrong".toCharArray());
            check("a wrong passphrase is refused", false);
        } catch (EncryptedKeys.WrongPassphraseException e) {
            // as it should be
        }
    }

    static void check(String what, boolean holds) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
