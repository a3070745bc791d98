package io.gatehouse.x509;

import io.gatehouse.identity.RefusalReason;
import io.gatehouse.x509.der.DerReader;
import io.gatehouse.x509.der.DerTag;
import io.gatehouse.x509.der.DerWriter;
import io.gatehouse.x509.der.MalformedException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * A certification request, PKCS#10 (RFC 2986), parsed strictly from a stranger's bytes, or made for a key of ours.
 *
 * <p>{@link #parse} reads and bounds everything and checks the key's kind, but not the signature: {@link #verifySignature} does, once, with
 * {@link Signature}; a certificate must not be issued before. Immutable and thread-safe.
 */
public final class Pkcs10Request {
    /** The largest request that is read, in bytes of DER. */
    public static final int LARGEST = 16 * 1024;

    private static final String EXTENSION_REQUEST = "1.2.840.113549.1.9.14";
    private static final String CHALLENGE_PASSWORD = "1.2.840.113549.1.9.7";
    private static final int MOST_ATTRIBUTES = 16;

    private final byte[] der;
    private final byte[] info;
    private final byte[] signature;
    private final String signatureName;
    private final Subject subject;
    private final byte[] spki;
    private final PublicKeys.SubjectKey key;
    private final Attributes attributes;

    private Pkcs10Request(
            byte[] der,
            byte[] info,
            byte[] signature,
            String signatureName,
            Subject subject,
            byte[] spki,
            PublicKeys.SubjectKey key,
            Attributes attributes) {
        this.der = der;
        this.info = info;
        this.signature = signature;
        this.signatureName = signatureName;
        this.subject = subject;
        this.spki = spki;
        this.key = key;
        this.attributes = attributes;
    }

    private record Attributes(RequestedExtensions extensions, Optional<String> challengePassword) {}

    /**
     * The request that fills the bytes exactly. Refused with BAD_REQUEST (not PKCS#10), TOO_LARGE, WEAK_KEY, BAD_SIGNATURE (a signature
     * algorithm that is not accepted: SHA-1 and MD5 are not), NAME_MISMATCH (two common names).
     */
    public static Parsed<Pkcs10Request> parse(byte[] bytes) {
        if (bytes.length > LARGEST) {
            return Parsed.malformed(RefusalReason.TOO_LARGE, "a request above " + LARGEST + " bytes");
        }
        try {
            return read(bytes.clone());
        } catch (MalformedException e) {
            return Parsed.malformed(RefusalReason.BAD_REQUEST, e.getMessage());
        }
    }

    private static Parsed<Pkcs10Request> read(byte[] der) throws MalformedException {
        var outer = new DerReader(der);
        var request = outer.sequence();
        outer.end();
        var info = request.element(DerTag.SEQUENCE);
        var algorithm = request.element(DerTag.SEQUENCE);
        var signature = request.bitString();
        request.end();

        var fields = new DerReader(info).sequence();
        fields.integer(0);
        var subject = Subject.parse(fields.element(DerTag.SEQUENCE));
        var spki = fields.element(DerTag.SEQUENCE);
        // RFC 2986 wants the attributes' tag even when there are none; old clients leave it out
        var attributes = fields.hasMore()
                ? attributes(fields.open(DerTag.constructed(0)))
                : new Attributes(RequestedExtensions.NONE, Optional.empty());
        fields.end();

        var signatureName = SignatureAlgorithms.jcaName(algorithm);
        if (subject.commonNames().size() > 1) {
            return Parsed.malformed(RefusalReason.NAME_MISMATCH, "more than one common name");
        }
        var key = PublicKeys.read(spki);
        if (key instanceof Parsed.Malformed<PublicKeys.SubjectKey> bad) {
            return Parsed.malformed(bad.reason(), bad.detail());
        }
        var subjectKey = key.orThrow();
        if (signatureName.isEmpty() || !SignatureAlgorithms.fits(signatureName.get(), subjectKey.kind())) {
            return Parsed.malformed(
                    RefusalReason.BAD_SIGNATURE,
                    "a signature algorithm that is not accepted, or not of the key's kind");
        }
        return Parsed.good(
                new Pkcs10Request(der, info, signature, signatureName.get(), subject, spki, subjectKey, attributes));
    }

    private static Attributes attributes(DerReader list) throws MalformedException {
        var seen = new HashSet<String>();
        var extensions = RequestedExtensions.NONE;
        Optional<String> challenge = Optional.empty();
        while (list.hasMore()) {
            var attribute = list.sequence();
            var oid = attribute.oid();
            var values = attribute.set();
            attribute.end();
            if (!seen.add(oid) || seen.size() > MOST_ATTRIBUTES) {
                throw new MalformedException("an attribute that is given twice, or more than " + MOST_ATTRIBUTES);
            }
            if (oid.equals(EXTENSION_REQUEST)) {
                extensions = RequestedExtensions.read(values.sequence());
                values.end();
            } else if (oid.equals(CHALLENGE_PASSWORD)) {
                challenge = Optional.of(values.string());
                values.end();
            }
        }
        return new Attributes(extensions, challenge);
    }

    /** Nothing when the request is signed by its own key (proof of possession), otherwise BAD_SIGNATURE. */
    public Optional<RefusalReason> verifySignature() {
        try {
            var verifier = Signature.getInstance(signatureName);
            verifier.initVerify(key.publicKey());
            verifier.update(info);
            return verifier.verify(signature) ? Optional.empty() : Optional.of(RefusalReason.BAD_SIGNATURE);
        } catch (GeneralSecurityException | RuntimeException e) {
            // providers disagree whether a malformed signature value is false or an exception, and which
            return Optional.of(RefusalReason.BAD_SIGNATURE);
        }
    }

    /** A request for this key under one common name, signed by it. */
    public static byte[] create(KeyPair keys, String commonName) {
        return create(keys, commonName, List.of(), List.of());
    }

    /** The same with alternative names. */
    public static byte[] create(KeyPair keys, String commonName, List<String> dnsNames, List<String> uris) {
        var info = DerWriter.sequence(
                DerWriter.integer(0),
                DerWriter.sequence(DerWriter.set(
                        DerWriter.sequence(DerWriter.oid(Subject.COMMON_NAME), DerWriter.utf8(commonName)))),
                keys.getPublic().getEncoded(),
                DerWriter.constructed(0, extensionRequest(dnsNames, uris)));
        try {
            var name = Keys.signatureAlgorithm(keys.getPrivate().getAlgorithm());
            var signer = Signature.getInstance(name);
            signer.initSign(keys.getPrivate());
            signer.update(info);
            return DerWriter.sequence(info, SignatureAlgorithms.identifier(name), DerWriter.bitString(signer.sign()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the key cannot sign its own request", e);
        }
    }

    private static byte[] extensionRequest(List<String> dnsNames, List<String> uris) {
        var names = new ArrayList<byte[]>();
        dnsNames.forEach(name -> names.add(DerWriter.primitive(2, name.getBytes(StandardCharsets.US_ASCII))));
        uris.forEach(uri -> names.add(DerWriter.primitive(6, uri.getBytes(StandardCharsets.US_ASCII))));
        if (names.isEmpty()) {
            return new byte[0];
        }
        var san = DerWriter.sequence(DerWriter.oid("2.5.29.17"), DerWriter.octetString(DerWriter.sequence(names)));
        return DerWriter.sequence(DerWriter.oid(EXTENSION_REQUEST), DerWriter.set(DerWriter.sequence(san)));
    }

    public Subject subject() {
        return subject;
    }

    public PublicKeys.SubjectKey key() {
        return key;
    }

    /** The SubjectPublicKeyInfo's DER; a new array at each call. */
    public byte[] spki() {
        return spki.clone();
    }

    public RequestedExtensions extensions() {
        return attributes.extensions();
    }

    public Optional<String> challengePassword() {
        return attributes.challengePassword();
    }

    /** The whole request's DER; a new array at each call. */
    public byte[] der() {
        return der.clone();
    }
}
