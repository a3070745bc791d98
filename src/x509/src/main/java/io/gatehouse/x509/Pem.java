package io.gatehouse.x509;

import io.gatehouse.x509.der.MalformedException;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;

/**
 * PEM (RFC 7468), read strictly: begin and end lines that agree, base64 without blanks inside a line, no headers. Text outside the blocks is
 * ignored, as the RFC allows. At most 1 MiB.
 */
public final class Pem {
    public static final String CERTIFICATE = "CERTIFICATE";
    public static final String PRIVATE_KEY = "PRIVATE KEY";
    public static final String ENCRYPTED_PRIVATE_KEY = "ENCRYPTED PRIVATE KEY";
    public static final String CERTIFICATE_REQUEST = "CERTIFICATE REQUEST";
    public static final String CRL = "X509 CRL";

    private static final int LARGEST = 1 << 20;
    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";

    private Pem() {}

    /** One block: its label and the bytes in it. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares blocks, and every parser takes an array
    public record Block(String label, byte[] der) {}

    /** All blocks in the text, in order. */
    public static List<Block> blocks(String text) throws MalformedException {
        if (text.length() > LARGEST) {
            throw new MalformedException("PEM above " + LARGEST + " characters");
        }
        var blocks = new ArrayList<Block>();
        String label = null;
        var body = new StringBuilder();
        for (var line : text.lines().map(String::strip).toList()) {
            if (label == null) {
                if (line.startsWith(BEGIN)) {
                    label = label(line, BEGIN);
                    body.setLength(0);
                }
            } else if (line.startsWith(END)) {
                if (!label(line, END).equals(label)) {
                    throw new MalformedException("a PEM block whose end does not match its begin");
                }
                blocks.add(new Block(label, decode(body.toString())));
                label = null;
            } else {
                body.append(line);
            }
        }
        if (label != null) {
            throw new MalformedException("a PEM block without its end");
        }
        return List.copyOf(blocks);
    }

    /** The certificates in the text, in order; at least one, and nothing else in blocks. */
    public static List<X509Certificate> certificates(String text) throws MalformedException {
        var certificates = new ArrayList<X509Certificate>();
        for (var block : blocks(text)) {
            if (!block.label().equals(CERTIFICATE)) {
                throw new MalformedException("a PEM block that is not a certificate");
            }
            certificates.add(Certificates.parse(block.der()));
        }
        if (certificates.isEmpty()) {
            throw new MalformedException("no certificate in PEM");
        }
        return List.copyOf(certificates);
    }

    /** The text's only certificate. */
    public static X509Certificate certificate(String text) throws MalformedException {
        var certificates = certificates(text);
        if (certificates.size() != 1) {
            throw new MalformedException("more than one certificate in PEM");
        }
        return certificates.get(0);
    }

    /** The text's only block, which must be an unencrypted PKCS#8 private key. */
    public static PrivateKey privateKey(String text) throws MalformedException {
        var blocks = blocks(text);
        if (blocks.size() != 1 || !blocks.get(0).label().equals(PRIVATE_KEY)) {
            throw new MalformedException("not one unencrypted PKCS#8 private key in PEM");
        }
        var der = blocks.get(0).der();
        try {
            return Keys.privateKey(der);
        } finally {
            Arrays.fill(der, (byte) 0);
        }
    }

    /** The certificates as text, one block each, in order. */
    public static String write(Collection<X509Certificate> certificates) {
        var text = new StringBuilder();
        certificates.forEach(certificate -> text.append(write(CERTIFICATE, Certificates.der(certificate))));
        return text.toString();
    }

    public static String write(X509Certificate certificate) {
        return write(CERTIFICATE, Certificates.der(certificate));
    }

    /** The secret key as unencrypted PKCS#8; the caller guards the text. */
    public static String write(PrivateKey key) {
        var der = key.getEncoded();
        if (der == null) {
            throw new IllegalArgumentException("this key does not leave its store");
        }
        return write(PRIVATE_KEY, der);
    }

    /** One block, 64 characters a line. */
    public static String write(String label, byte[] der) {
        var base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encode(der);
        return BEGIN + label + DASHES + "\n" + new String(base64, StandardCharsets.US_ASCII) + "\n" + END + label
                + DASHES + "\n";
    }

    private static String label(String line, String prefix) throws MalformedException {
        if (!line.endsWith(DASHES) || line.length() <= prefix.length() + DASHES.length()) {
            throw new MalformedException("a PEM begin or end line that is cut off");
        }
        return line.substring(prefix.length(), line.length() - DASHES.length());
    }

    private static byte[] decode(String body) throws MalformedException {
        try {
            return Base64.getDecoder().decode(body);
        } catch (IllegalArgumentException e) {
            throw new MalformedException("a PEM block that is not base64");
        }
    }
}
