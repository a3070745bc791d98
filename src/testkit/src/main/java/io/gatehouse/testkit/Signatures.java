package io.gatehouse.testkit;

import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateKey;

/** The signature algorithm that goes with a key. */
final class Signatures {
    private Signatures() {}

    static String algorithmFor(PrivateKey key) {
        if (key instanceof RSAPrivateKey || key.getAlgorithm().equals("RSA")) {
            return "SHA256withRSA";
        }
        return key.getAlgorithm().startsWith("Ed") ? "Ed25519" : "SHA256withECDSA";
    }
}
