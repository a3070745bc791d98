package io.gatehouse.enrollment.ca.lint;

import static io.gatehouse.enrollment.ca.lint.Tampering.with;

import io.gatehouse.enrollment.ca.profile.Assembly;
import io.gatehouse.enrollment.ca.profile.Draft;
import io.gatehouse.enrollment.ca.profile.UnsignedCertificate;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1UTCTime;
import org.bouncycastle.asn1.DERIA5String;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** Faults outside of the extensions. */
final class FaultyHead {
    private static final UnsignedCertificate DEVICE = Sound.DEVICE;

    /** Only version 3 may have extensions at all. */
    private static final UnsignedCertificate PLAIN = Tampering.without(DEVICE, Tampering.EXTENSIONS);

    private FaultyHead() {}

    static List<Faulty> all() {
        return List.of(
                of("version 1", "VersionIsThree", Tampering.without(PLAIN, Tampering.VERSION)),
                of(
                        "version 2",
                        "VersionIsThree",
                        with(PLAIN, Tampering.VERSION, new DERTaggedObject(true, 0, new ASN1Integer(1)))),
                serial("serial number 0", BigInteger.ZERO),
                serial("negative serial number", BigInteger.ONE.shiftLeft(127).negate()),
                serial("counted serial number", BigInteger.valueOf(4711)),
                serial("serial number of 64 bits", BigInteger.ONE.shiftLeft(63)),
                serial("serial number of 21 octets", BigInteger.ONE.shiftLeft(160)),
                of(
                        "signed with SHA-1",
                        "SignatureAlgorithmIsEcdsaSha256",
                        Tampering.ALGORITHM,
                        new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA1)),
                of(
                        "algorithm with NULL parameters",
                        "SignatureAlgorithmIsEcdsaSha256",
                        Tampering.ALGORITHM,
                        new AlgorithmIdentifier(Assembly.SIGNATURE_ALGORITHM.getAlgorithm(), DERNull.INSTANCE)),
                of("foreign issuer", "IssuerIsTheAuthority", Tampering.ISSUER, new X500Name("CN=Devices CA 2")),
                of(
                        "issuer in another string type",
                        "IssuerIsTheAuthority",
                        Tampering.ISSUER,
                        name(new DERIA5String("Devices CA 1"))),
                validity(
                        "2049 as GeneralizedTime",
                        "ValidityIsEncodedByYear",
                        utc("261123110000Z"),
                        general("20491123110000Z")),
                validity("time without seconds", "ValidityIsEncodedByYear", utc("2611231100Z"), utc("261123120000Z")),
                validity(
                        "time in another zone",
                        "ValidityIsEncodedByYear",
                        utc("261123120000+0100"),
                        utc("261123120000Z")),
                validity(
                        "fractions of a second",
                        "ValidityIsEncodedByYear",
                        utc("261123110000Z"),
                        general("20501123110000.5Z")),
                validity(
                        "ends before it begins",
                        "ValidityIsWithinTheIssuer",
                        utc("261123110000Z"),
                        utc("261123105959Z")),
                validity(
                        "outlives its issuer",
                        "ValidityIsWithinTheIssuer",
                        utc("261123110000Z"),
                        general("20561123000001Z")),
                validity(
                        "begins before its issuer",
                        "ValidityIsWithinTheIssuer",
                        utc("251123110000Z"),
                        utc("261123120000Z")),
                validity("a second too long", "ValidityIsWithinTheIssuer", utc("261123110000Z"), utc("261123120001Z")),
                subject("empty subject", "SubjectIsAsDrafted", new X500NameBuilder().build()),
                subject("another subject", "SubjectIsAsDrafted", new X500Name("CN=d-2")),
                subject("two common names", "SubjectIsOneCommonName", new X500Name("CN=d-1,CN=d-1")),
                subject("two names in one", "SubjectIsOneCommonName", new X500Name("CN=d-1+O=x")),
                subject("an organisation only", "SubjectIsOneCommonName", new X500Name("O=d-1")),
                subject("65 characters", "SubjectIsOneCommonName", name(new DERUTF8String("d".repeat(65)))),
                subject("a NUL in the name", "SubjectIsOneCommonName", name(new DERUTF8String("d-1\0"))),
                subject("a blank name", "SubjectIsOneCommonName", name(new DERUTF8String(" "))),
                subject("IA5String", "SubjectIsOneCommonName", name(new DERIA5String("d-1"))),
                of(
                        "another key",
                        "PublicKeyIsStrong",
                        Tampering.KEY,
                        SubjectPublicKeyInfo.getInstance(Sound.CA_KEY.getEncoded())),
                drafted("RSA of 1024 bits", rsa(1024)),
                drafted("RSA of 8192 bits", fakeRsa(8192)),
                drafted(
                        "RSA without NULL",
                        new SubjectPublicKeyInfo(
                                new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption),
                                rsa(2048).getPublicKeyData().getOctets())),
                drafted("secp256k1", onCurve("1.3.132.0.10", 64)),
                drafted("compressed point", onCurve("1.2.840.10045.3.1.7", 32)),
                of("trailing byte", "EncodingIsDer", Tampering.bytes(DEVICE, FaultyHead::withTrailingByte)),
                of("length in BER", "EncodingIsDer", Tampering.bytes(DEVICE, FaultyHead::withLongLength)),
                of("a date that is none", "EncodingIsDer", Tampering.VALIDITY, new DERSequence(new ASN1Encodable[] {
                    utc("261123110000Z"), utc("269923110000Z")
                })));
    }

    private static Faulty of(String name, String rule, UnsignedCertificate certificate) {
        return new Faulty(name, rule, certificate);
    }

    private static Faulty of(String name, String rule, int place, ASN1Encodable element) {
        return new Faulty(name, rule, with(DEVICE, place, element));
    }

    private static Faulty serial(String name, BigInteger serial) {
        return of(name, "SerialNumberIsRandomAndShort", Tampering.SERIAL, new ASN1Integer(serial));
    }

    private static Faulty validity(String name, String rule, ASN1Encodable begin, ASN1Encodable end) {
        return of(name, rule, Tampering.VALIDITY, new DERSequence(new ASN1Encodable[] {begin, end}));
    }

    private static Faulty subject(String name, String rule, X500Name subject) {
        return of(name, rule, Tampering.SUBJECT, subject);
    }

    /** A key that was even wanted: the rule must not trust the draft. */
    private static Faulty drafted(String name, SubjectPublicKeyInfo key) {
        var draft = DEVICE.draft();
        var weak = new Draft(draft.profile(), draft.subject(), draft.names(), key, draft.validity(), List.of());
        return of(name, "PublicKeyIsStrong", Sound.of(Sound.DEVICES_ISSUER, weak));
    }

    private static X500Name name(ASN1Encodable value) {
        return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, value).build();
    }

    private static ASN1Encodable utc(String time) {
        return new ASN1UTCTime(time);
    }

    private static ASN1Encodable general(String time) {
        return new ASN1GeneralizedTime(time);
    }

    private static SubjectPublicKeyInfo rsa(int bits) {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return SubjectPublicKeyInfo.getInstance(
                    generator.generateKeyPair().getPublic().getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Of that size in form; to make a real one takes a minute. */
    private static SubjectPublicKeyInfo fakeRsa(int bits) {
        var modulus = BigInteger.ONE.shiftLeft(bits - 1).setBit(0);
        var numbers = new DERSequence(
                new ASN1Encodable[] {new ASN1Integer(modulus), new ASN1Integer(BigInteger.valueOf(65537))});
        return unchecked(() -> new SubjectPublicKeyInfo(
                new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE), numbers));
    }

    private static SubjectPublicKeyInfo onCurve(String oid, int octets) {
        var point = new byte[1 + octets];
        point[0] = (byte) (octets == 64 ? 4 : 2);
        return new SubjectPublicKeyInfo(
                new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, new ASN1ObjectIdentifier(oid)), point);
    }

    private static byte[] withTrailingByte(byte[] tbs) {
        return Arrays.copyOf(tbs, tbs.length + 1);
    }

    /** 30 82 hi lo becomes 30 83 00 hi lo. */
    private static byte[] withLongLength(byte[] tbs) {
        var longer = new byte[tbs.length + 1];
        longer[0] = tbs[0];
        longer[1] = (byte) 0x83;
        System.arraycopy(tbs, 2, longer, 3, tbs.length - 2);
        return longer;
    }

    private interface Throwing<T> {
        T get() throws Exception;
    }

    private static <T> T unchecked(Throwing<T> work) {
        try {
            return work.get();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
