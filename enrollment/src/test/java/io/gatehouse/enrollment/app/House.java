package io.gatehouse.enrollment.app;

import io.gatehouse.admission.feed.Entry;
import io.gatehouse.admission.feed.FeedCodec;
import io.gatehouse.admission.feed.FeedLine;
import io.gatehouse.admission.feed.Parsed;
import io.gatehouse.admission.feed.Report;
import io.gatehouse.enrollment.app.EnrollmentRequest.Credentials;
import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.app.domain.Device;
import io.gatehouse.enrollment.app.domain.DeviceCertificate;
import io.gatehouse.enrollment.app.domain.Fleet;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.domain.Outcome.Done;
import io.gatehouse.enrollment.app.domain.Outcome.Refused;
import io.gatehouse.enrollment.app.imports.ImportDevices;
import io.gatehouse.enrollment.app.imports.ImportedAuthorities;
import io.gatehouse.enrollment.store.SqliteRegistry;
import io.gatehouse.identity.BrokerName;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.FleetKind;
import io.gatehouse.identity.FleetName;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.identity.RevocationReason;
import io.gatehouse.testkit.Keys;
import io.gatehouse.testkit.MutableClock;
import io.gatehouse.x509.Certificates;
import io.gatehouse.x509.Pkcs10Request;
import io.gatehouse.x509.TrustDomain;
import io.gatehouse.x509.der.MalformedException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** All use cases over a real registry, with an issuer that signs without looking. */
public final class House implements AutoCloseable {
    public static final Actor ADMIN = new Actor("test");
    public static final FleetName FLEET = FleetName.of("pumps");
    public static final String SOURCE = "192.0.2.1";
    static final BrokerName B1 = BrokerName.of("b1");
    static final Duration SOON = Duration.ofSeconds(20);

    public final MutableClock clock = MutableClock.at(Instant.now());
    public final SqliteRegistry registry;
    public final FakeIssuer issuer;
    public final Presence presence = new Presence();
    public final CertificateJudge judge;
    public final IssuingLimits limits;
    public final ReenrollDevice reenroll;
    public final EnrollDevice enroll;
    public final DescribeDevice describe;
    public final Fleets fleets;
    public final Reissues reissues;
    public final Policies policies;
    public final Claims claims;
    public final Pending pending;
    public final List<Throttle.Alarm> alarms = new ArrayList<>();
    public final Sessions sessions = new Sessions();
    public final Refusals refusals = new Refusals();
    public final Enforcements enforcements;
    public final Devices devices;
    public final Reports reports;
    public final Brokers brokers;
    public final EnrollNode nodes;
    public final FeedHub hub;
    public final EndedCertificates ended;
    /** What time went by, as no clock that is set tells it. */
    private final AtomicLong nanos = new AtomicLong();

    public final AuditTrail audit;
    public final Restorations restorations;
    public final ImportedAuthorities importedAuthorities;
    public final ImportDevices imports;

    public House(Path database) {
        this(database, new FakeIssuer());
    }

    /** With the authorities of another, of which it is a restored one. */
    House(Path database, FakeIssuer issuer) {
        this.issuer = issuer;
        registry = SqliteRegistry.open(database, clock);
        var domain = TrustDomain.DEFAULT;
        var rules = new CsrRules(domain);
        limits = new IssuingLimits(clock);
        judge = new CertificateJudge(registry, issuer, clock);
        reenroll = new ReenrollDevice(registry, issuer, judge, rules, limits, clock);
        var factory = new FactoryEnrollment(registry, issuer, rules, clock);
        enroll = new EnrollDevice(
                new EnrollByClaim(registry, issuer, judge, factory, rules, new Throttle(clock, alarms::add), clock),
                judge,
                reenroll,
                factory);
        describe = new DescribeDevice(registry, judge, "mqtts://localhost:8883", clock);
        fleets = new Fleets(registry, clock);
        reissues = new Reissues(registry, clock);
        policies = new Policies(registry);
        claims = new Claims(registry, new SecureRandom(), clock);
        pending = new Pending(registry, clock);
        enforcements = new Enforcements(registry);
        devices = new Devices(registry, sessions, enforcements, clock);
        reports = new Reports(registry, sessions, refusals, enforcements, presence, clock);
        brokers = new Brokers(registry, issuer, rules, presence, limits, domain, List.of("localhost"), clock);
        nodes = new EnrollNode(registry, issuer, rules, domain, clock);
        hub = new FeedHub(registry, presence, clock);
        ended = new EndedCertificates(registry, clock, nanos::get);
        audit = new AuditTrail(registry);
        restorations = new Restorations(registry, clock);
        importedAuthorities = new ImportedAuthorities(registry, clock);
        imports = new ImportDevices(registry, issuer, importedAuthorities, clock);
    }

    /** With the fleet that most tests use. */
    public House withFleet() {
        fleet(FLEET);
        return this;
    }

    public Fleet fleet(FleetName name) {
        return done(fleets.create(
                ADMIN,
                new Fleets.NewFleet(
                        name,
                        FleetKind.DEVICE,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        RulesPatch.NONE)));
    }

    /** Changes the rules of the fleet that most tests use. */
    Fleet rules(RulesPatch change) {
        return done(fleets.patch(
                ADMIN, FLEET, new Fleets.Patch(Optional.empty(), Optional.empty(), Optional.empty(), change)));
    }

    public static <T> T done(Outcome<T> outcome) {
        if (outcome instanceof Refused<T> refused) {
            throw new AssertionError("refused: " + refused.reason() + ": " + refused.detail());
        }
        return ((Done<T>) outcome).value();
    }

    public static RefusalReason reason(Outcome<?> outcome) {
        if (outcome instanceof Refused<?> refused) {
            return refused.reason();
        }
        throw new AssertionError("not refused: " + outcome);
    }

    /** A device with a key, and what it was given last. */
    public final class Gadget {
        final DeviceId id;
        KeyPair key = Keys.p256();
        X509Certificate certificate;

        Gadget(String id) {
            this.id = DeviceId.of(id);
        }

        public Claims.Created claim() {
            return done(claims.create(ADMIN, newClaim(id)));
        }

        public Outcome<Enrolled> tryEnroll(String secret) {
            return enroll.enroll(request(secret, List.of(), Pkcs10Request.create(key, id.value())));
        }

        Outcome<Enrolled> tryEnroll(String secret, byte[] pkcs10) {
            return enroll.enroll(request(secret, List.of(), pkcs10));
        }

        EnrollmentRequest request(String secret, List<X509Certificate> chain, byte[] pkcs10) {
            return new EnrollmentRequest(
                    Optional.empty(), Optional.of(new Credentials(id.value(), secret)), chain, pkcs10, SOURCE);
        }

        /** With a new claim. */
        public Gadget enrolled() {
            certificate = parse(done(tryEnroll(claim().secret().orElseThrow())));
            return this;
        }

        Outcome<Enrolled> tryRenew(KeyPair newKey) {
            return tryRenew(certificate, newKey);
        }

        Outcome<Enrolled> tryRenew(X509Certificate presented, KeyPair newKey) {
            return reenroll.reenroll(new EnrollmentRequest(
                    Optional.empty(),
                    Optional.empty(),
                    List.of(presented),
                    Pkcs10Request.create(newKey, id.value()),
                    SOURCE));
        }

        Device row() {
            return registry.read(view -> view.device(id)).orElseThrow();
        }

        public DeviceId id() {
            return id;
        }

        public KeyPair key() {
            return key;
        }

        public void key(KeyPair another) {
            key = another;
        }

        public Fingerprint sha256() {
            return Certificates.fingerprint(certificate);
        }
    }

    public Gadget gadget(String id) {
        return new Gadget(id);
    }

    static Claims.NewClaim newClaim(DeviceId id) {
        return Claims.NewClaim.of(FLEET, id);
    }

    static X509Certificate parse(Enrolled enrolled) {
        try {
            return Certificates.parse(enrolled.der());
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    DeviceCertificate row(X509Certificate certificate) {
        return registry.read(view -> view.certificate(Certificates.fingerprint(certificate)))
                .orElseThrow();
    }

    public List<DeviceCertificate> certificates(DeviceId id) {
        return registry.read(view -> view.certificatesOf(id, 1000));
    }

    Outcome<CertificateJudge.Known> judged(X509Certificate certificate) {
        return judge.admit(List.of(certificate));
    }

    long revision() {
        return registry.read(view -> view.position()).revision();
    }

    String epoch() {
        return registry.read(view -> view.position()).epoch();
    }

    /** What brokers were told since a revision, the last word on each thing last. */
    List<Entry> toldSince(long revision) {
        var told = new ArrayList<Entry>();
        registry.read(view -> view.changes(revision, 10_000))
                .forEach(line -> told.addAll(((FeedLine.Change) line(line.line())).entries()));
        return told;
    }

    /** The sessions that brokers are told to end since that revision. */
    List<String> kickedSince(long revision) {
        var kicked = new ArrayList<String>();
        registry.read(view -> view.changes(revision, 10_000))
                .forEach(line -> kicked.addAll(((FeedLine.Change) line(line.line())).kicked()));
        return kicked;
    }

    static FeedLine line(byte[] bytes) {
        return ((Parsed.Value<FeedLine>) FeedCodec.read(bytes)).value();
    }

    /** Time goes by, and nobody looks meanwhile. */
    void pass(Duration time) {
        clock.advance(time);
        nanos.addAndGet(time.toNanos());
    }

    /** The directory is as the clock, which has been steady for long enough, says; how many steps it took. */
    int settle() {
        ended.step(); // whatever the clock did before, it did until now
        pass(EndedCertificates.STEADY);
        int steps = 1;
        while (ended.step()) {
            steps++;
        }
        return steps;
    }

    void revoke(Gadget gadget) {
        done(devices.revoke(ADMIN, gadget.id(), RevocationReason.UNSPECIFIED, Duration.ZERO));
    }

    /** A broker that has the directory as it is now. */
    void broker(BrokerName name) {
        done(brokers.enroll(ADMIN, name));
        hub.snapshot(name, line -> {});
    }

    Report report(List<Report.Enforced> enforced) {
        return report(revision(), enforced, List.of());
    }

    Report report(long revision, List<Report.Enforced> enforced, List<Fingerprint> admitted) {
        return new Report(
                epoch(), revision, false, List.of(), List.of(), List.of(), enforced, admitted, Optional.empty());
    }

    @Override
    public void close() {
        registry.close();
    }
}
