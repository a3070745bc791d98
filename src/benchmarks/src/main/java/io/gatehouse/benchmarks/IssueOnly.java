package io.gatehouse.benchmarks;

import io.gatehouse.enrollment.ca.lint.CertificateLinter;
import io.gatehouse.enrollment.ca.profile.Addresses;
import io.gatehouse.enrollment.ca.profile.Assembly;
import io.gatehouse.enrollment.ca.profile.Draft;
import io.gatehouse.enrollment.ca.profile.IssuerFacts;
import io.gatehouse.enrollment.ca.profile.Profile;
import io.gatehouse.enrollment.ca.profile.UnsignedCertificate;
import io.gatehouse.enrollment.ca.profile.Validity;
import io.gatehouse.enrollment.keys.SoftwareKey;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.x509.Pkcs10Request;
import io.gatehouse.x509.TrustDomain;
import io.gatehouse.x509.der.DerReader;
import io.gatehouse.x509.der.DerTag;
import io.gatehouse.x509.der.DerWriter;
import io.gatehouse.x509.der.MalformedException;
import io.gatehouse.x509.est.EstCodec;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.GeneralName;

/**
 * The issuing step on one thread, from the body of simpleenroll to the body of its answer, without network, registry and linter; and
 * in the same run its floor, which is what the crypto provider takes to read the request's key, verify the request and sign a
 * certificate. Blocks of both alternate, and each pair of neighbours gives one ratio.
 */
final class IssueOnly {
    private static final int REQUESTS = 512;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final byte[] ALGORITHM = DerWriter.sequence(DerWriter.oid("1.2.840.10045.4.3.2"));

    private final List<Prepared> requests = new ArrayList<>();
    private final TrustDomain domain = TrustDomain.DEFAULT;
    private final CertificateLinter linter = new CertificateLinter();
    private final KeyPair authority = SoftwareKey.generate();
    private final SoftwareKey key = SoftwareKey.of(authority.getPrivate(), authority.getPublic());
    private final Assembly assembly;
    private final Validity validity = Validity.from(InstantSource.system().instant(), Duration.ofDays(90));
    private int next;

    /** One request, as it comes and in its parts. */
    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    private record Prepared(DeviceId id, byte[] body, byte[] spki, byte[] info, byte[] signature, byte[] tbs) {}

    /** What one step costs and what its floor does; how much of the floor's speed the step has. */
    record Figures(int count, double perSecond, double floorPerSecond, double lintedPerSecond, double ratioToFloor) {
        void into(Report.Row row) {
            row.count("n", count)
                    .figure("perSecond", perSecond)
                    .figure("floorPerSecond", floorPerSecond)
                    .figure("withLinterPerSecond", lintedPerSecond)
                    .figure("ratioToFloor", ratioToFloor);
        }
    }

    private IssueOnly(X509Certificate devicesCa) throws GeneralSecurityException, MalformedException {
        var addresses = new Addresses(
                "http://localhost:8080/pki/crl/devices.crl",
                "http://localhost:8080/pki/ca/devices.cer",
                Optional.of("http://localhost:8080/pki/ocsp"));
        this.assembly = new Assembly(IssuerFacts.of(devicesCa, addresses), new SecureRandom());
        for (int i = 0; i < REQUESTS; i++) {
            requests.add(prepared("device-" + i));
        }
    }

    static Figures measure(boolean small) {
        try (ServiceHome home = ServiceHome.init()) {
            return new IssueOnly(home.devicesCa()).measured(small ? 5 : 40, small ? 2_000 : 5_000);
        } catch (GeneralSecurityException | MalformedException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private Figures measured(int pairs, int block) throws GeneralSecurityException, MalformedException {
        for (int i = 0; i < 4; i++) {
            time(block, this::floor);
            time(block, this::issue);
            time(block, this::issueLinted);
        }
        double[] ratios = new double[pairs];
        double[] floors = new double[pairs];
        double[] steps = new double[pairs];
        double[] linted = new double[pairs];
        for (int i = 0; i < pairs; i++) {
            floors[i] = time(block, this::floor);
            steps[i] = time(block, this::issue);
            linted[i] = time(block, this::issueLinted);
            ratios[i] = floors[i] / steps[i];
        }
        return new Figures(
                pairs * block, 1e9 / median(steps), 1e9 / median(floors), 1e9 / median(linted), median(ratios));
    }

    private interface Work {
        void on(Prepared request) throws GeneralSecurityException, MalformedException;
    }

    /** Nanoseconds of this thread's processor time each, so that what else runs here does not count. */
    private double time(int count, Work work) throws GeneralSecurityException, MalformedException {
        long start = THREADS.getCurrentThreadCpuTime();
        for (int i = 0; i < count; i++) {
            work.on(requests.get(next++ % REQUESTS));
        }
        return (THREADS.getCurrentThreadCpuTime() - start) / (double) count;
    }

    private void floor(Prepared request) throws GeneralSecurityException {
        var spki = KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(request.spki()));
        Signature verifier = Signature.getInstance("SHA256withECDSA");
        verifier.initVerify(spki);
        verifier.update(request.info());
        if (!verifier.verify(request.signature()) || key.sign(request.tbs()).length < 64) {
            throw new BenchFailed("a request that is not its key's");
        }
    }

    private void issue(Prepared request) throws MalformedException {
        answer(unsigned(request).tbs());
    }

    private void issueLinted(Prepared request) throws MalformedException {
        answer(linter.lint(unsigned(request)).tbs());
    }

    private UnsignedCertificate unsigned(Prepared request) throws MalformedException {
        byte[] der = EstCodec.decode(request.body(), EstCodec.LARGEST_REQUEST_BODY);
        Pkcs10Request parsed = Pkcs10Request.parse(der).orThrow();
        if (parsed.verifySignature().isPresent()
                || !parsed.subject().isOnlyCommonName(request.id().value())) {
            throw new BenchFailed("a request that is not its device's");
        }
        var subject = new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.CN, new DERUTF8String(request.id().value()))
                .build();
        var name = new GeneralName(GeneralName.uniformResourceIdentifier, domain.device(request.id()));
        return assembly.assemble(
                Draft.leaf(Profile.DEVICE, subject, List.of(name), parsed.key().publicKey(), validity));
    }

    private byte[] answer(byte[] tbs) {
        byte[] certificate = DerWriter.sequence(tbs, ALGORITHM, DerWriter.bitString(key.sign(tbs)));
        return EstCodec.encodeOneLine(EstCodec.certsOnlyDer(List.of(certificate)));
    }

    private Prepared prepared(String id) throws GeneralSecurityException, MalformedException {
        byte[] der = Pkcs10Request.create(SoftwareKey.generate(), id);
        DerReader outer = new DerReader(der).sequence();
        byte[] info = outer.element(DerTag.SEQUENCE);
        outer.element(DerTag.SEQUENCE);
        var request = new Prepared(
                DeviceId.of(id),
                EstCodec.requestBody(der).getBytes(StandardCharsets.US_ASCII),
                Pkcs10Request.parse(der).orThrow().spki(),
                info,
                outer.bitString(),
                new byte[0]);
        byte[] tbs = unsigned(request).tbs();
        return new Prepared(request.id(), request.body(), request.spki(), request.info(), request.signature(), tbs);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
