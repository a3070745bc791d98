package io.gatehouse.enrollment.ca.lint;

import io.gatehouse.enrollment.ca.profile.UnsignedCertificate;
import io.gatehouse.x509.der.DerWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * The stage between assembling and signing: reads the to-be-signed bytes back, completed by a signature that is none, and holds them to
 * every rule, so that the real key never signs what breaks one. Stateless and thread-safe.
 */
public final class CertificateLinter {
    private static final byte[] ALGORITHM = DerWriter.sequence(DerWriter.oid("1.2.840.10045.4.3.2"));

    /** An Ecdsa-Sig-Value of two ones: formally a signature, of nothing. */
    private static final byte[] NO_SIGNATURE =
            DerWriter.bitString(DerWriter.sequence(DerWriter.integer(1), DerWriter.integer(1)));

    private static final List<LintRule> RULES = List.of(
            new VersionIsThree(),
            new SerialNumberIsRandomAndShort(),
            new SignatureAlgorithmIsEcdsaSha256(),
            new IssuerIsTheAuthority(),
            new ValidityIsEncodedByYear(),
            new ValidityIsWithinTheIssuer(),
            new SubjectIsOneCommonName(),
            new SubjectIsAsDrafted(),
            new PublicKeyIsStrong(),
            new ExtensionsAreKnownAndSingle(),
            new BasicConstraintsFitTheProfile(),
            new KeyUsageFitsTheProfile(),
            new ExtendedKeyUsageFitsTheProfile(),
            new AlternativeNamesAreAsDrafted(),
            new UriIsOfTheRole(),
            new NameConstraintsAreAsDrafted(),
            new UrisAreWithinTheConstraints(),
            new SubjectKeyIdentifierIsOfTheKey(),
            new AuthorityKeyIdentifierIsOfTheIssuer(),
            new CrlDistributionPointIsHttp(),
            new AuthorityInformationAccessIsHttp(),
            new ResponderIsNotAskedAfter(),
            new ResponderIsNoDevice(),
            new EncodingIsDer(),
            new JavaCanReadIt());

    /**
     * The certificate, fit to be signed.
     *
     * @throws LintException with every fault, when it is not
     */
    public LintedCertificate lint(UnsignedCertificate unsigned) {
        var candidate = read(unsigned);
        var faults = new ArrayList<String>();
        for (var rule : RULES) {
            judge(rule, candidate, faults);
        }
        if (!faults.isEmpty()) {
            throw new LintException(faults);
        }
        return new LintedCertificate(
                unsigned.tbs(), candidate.tbs().getSerialNumber().getValue());
    }

    static List<LintRule> rules() {
        return RULES;
    }

    private static void judge(LintRule rule, Candidate candidate, List<String> faults) {
        var name = rule.getClass().getSimpleName();
        try {
            rule.fault(candidate).ifPresent(fault -> faults.add(name + ": " + fault));
        } catch (RuntimeException e) {
            faults.add(name + ": cannot be read");
        }
    }

    private static Candidate read(UnsignedCertificate unsigned) {
        try {
            return new Candidate(unsigned, DerWriter.sequence(unsigned.tbs(), ALGORITHM, NO_SIGNATURE));
        } catch (RuntimeException e) {
            throw new LintException(List.of(EncodingIsDer.class.getSimpleName() + ": it is no TBSCertificate"));
        }
    }
}
