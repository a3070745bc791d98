package io.gatehouse.gateway.fleetimport;

import io.gatehouse.x509.Certificates;
import io.gatehouse.x509.Pem;
import io.gatehouse.x509.der.MalformedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Base64;

/** Reads a device's certificate as fleets have them: PEM, where what follows the first one is its chain, or DER, or base64 of DER. */
final class CertificateText {
    private static final int LARGEST = 256 * 1024;

    private CertificateText() {}

    static X509Certificate file(Path file) throws IOException, MalformedException {
        if (!Files.isRegularFile(file)) {
            throw new MalformedException("there is no such file");
        }
        if (Files.size(file) > LARGEST) {
            throw new MalformedException("larger than " + LARGEST + " bytes");
        }
        byte[] bytes = Files.readAllBytes(file);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        if (!text.contains("-----BEGIN")) {
            return Certificates.parse(bytes);
        }
        for (var block : Pem.blocks(text)) {
            if (block.label().equals(Pem.CERTIFICATE)) {
                return Certificates.parse(block.der());
            }
        }
        throw new MalformedException("no certificate in it");
    }

    static X509Certificate base64(String text) throws MalformedException {
        try {
            return Certificates.parse(Base64.getMimeDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            throw new MalformedException("not base64");
        }
    }
}
