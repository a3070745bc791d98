package io.gatehouse.enrollment.wiring;

import io.gatehouse.enrollment.app.AuditCheckpoints;
import io.gatehouse.enrollment.app.AuditTrail;
import io.gatehouse.enrollment.app.Brokers;
import io.gatehouse.enrollment.app.CertificateJudge;
import io.gatehouse.enrollment.app.CertificateLists;
import io.gatehouse.enrollment.app.Claims;
import io.gatehouse.enrollment.app.CsrRules;
import io.gatehouse.enrollment.app.DescribeDevice;
import io.gatehouse.enrollment.app.Devices;
import io.gatehouse.enrollment.app.EndedCertificates;
import io.gatehouse.enrollment.app.Enforcements;
import io.gatehouse.enrollment.app.EnrollByClaim;
import io.gatehouse.enrollment.app.EnrollDevice;
import io.gatehouse.enrollment.app.EnrollNode;
import io.gatehouse.enrollment.app.FactoryEnrollment;
import io.gatehouse.enrollment.app.FeedHub;
import io.gatehouse.enrollment.app.Fleets;
import io.gatehouse.enrollment.app.IssuingLimits;
import io.gatehouse.enrollment.app.Pending;
import io.gatehouse.enrollment.app.Policies;
import io.gatehouse.enrollment.app.Presence;
import io.gatehouse.enrollment.app.ReenrollDevice;
import io.gatehouse.enrollment.app.Refusals;
import io.gatehouse.enrollment.app.Reissues;
import io.gatehouse.enrollment.app.Reports;
import io.gatehouse.enrollment.app.Restorations;
import io.gatehouse.enrollment.app.Rotation;
import io.gatehouse.enrollment.app.Sessions;
import io.gatehouse.enrollment.app.Throttle;
import io.gatehouse.enrollment.app.Tokens;
import io.gatehouse.enrollment.app.imports.ImportDevices;
import io.gatehouse.enrollment.app.imports.ImportedAuthorities;
import io.gatehouse.enrollment.app.port.CheckpointCopies;
import io.gatehouse.enrollment.app.port.CheckpointSigner;
import io.gatehouse.enrollment.app.port.DevicesCas;
import io.gatehouse.enrollment.app.port.Issuer;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.enrollment.audit.AuditExport;
import io.gatehouse.enrollment.audit.CopiesElsewhere;
import io.gatehouse.enrollment.config.ServiceConfig;
import io.gatehouse.x509.TrustDomain;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All that the service can be asked to do, made once. */
record UseCases(
        EnrollDevice enroll,
        ReenrollDevice reenroll,
        DescribeDevice describe,
        Fleets fleets,
        Reissues reissues,
        CertificateLists certificates,
        Policies policies,
        Claims claims,
        Pending pending,
        Throttle throttle,
        IssuingLimits limits,
        Devices devices,
        ImportDevices imports,
        ImportedAuthorities importedAuthorities,
        Sessions sessions,
        Refusals refusals,
        AuditTrail audit,
        AuditCheckpoints checkpoints,
        AuditExport export,
        Brokers brokers,
        EnrollNode nodes,
        FeedHub hub,
        EndedCertificates ended,
        Reports reports,
        Rotation rotation,
        Restorations restorations,
        Tokens tokens) {

    private static final Logger LOG = LoggerFactory.getLogger(UseCases.class);

    static UseCases over(
            Registry registry,
            Issuer issuer,
            DevicesCas authorities,
            CheckpointSigner signer,
            ServiceConfig config,
            InstantSource clock) {
        var random = new SecureRandom();
        var domain = TrustDomain.of(config.trustDomain());
        var rules = new CsrRules(domain);
        var judge = new CertificateJudge(registry, issuer, clock);
        var limits = new IssuingLimits(clock);
        var reenroll = new ReenrollDevice(registry, issuer, judge, rules, limits, clock);
        var throttle = new Throttle(clock, UseCases::warn);
        var sessions = new Sessions();
        var refusals = new Refusals();
        var presence = new Presence();
        var enforcements = new Enforcements(registry);
        var factory = new FactoryEnrollment(registry, issuer, rules, clock);
        var importedAuthorities = new ImportedAuthorities(registry, clock);
        var copies = config.checkpoints().to().map(to -> new CopiesElsewhere(to, config.publicHost()));
        var checkpoints = new AuditCheckpoints(
                registry,
                signer,
                copies.map(CheckpointCopies.class::cast),
                config.checkpoints().entries(),
                clock);
        return new UseCases(
                new EnrollDevice(
                        new EnrollByClaim(registry, issuer, judge, factory, rules, throttle, clock),
                        judge,
                        reenroll,
                        factory),
                reenroll,
                new DescribeDevice(registry, judge, config.brokerUrl().toString(), clock),
                new Fleets(registry, clock),
                new Reissues(registry, clock),
                new CertificateLists(registry),
                new Policies(registry),
                new Claims(registry, random, clock),
                new Pending(registry, clock),
                throttle,
                limits,
                new Devices(registry, sessions, enforcements, clock),
                new ImportDevices(registry, issuer, importedAuthorities, clock),
                importedAuthorities,
                sessions,
                refusals,
                new AuditTrail(registry),
                checkpoints,
                new AuditExport(registry, checkpoints, signer, clock),
                new Brokers(registry, issuer, rules, presence, limits, domain, config.certificateNames(), clock),
                new EnrollNode(registry, issuer, rules, domain, clock),
                new FeedHub(registry, presence, clock),
                new EndedCertificates(registry, clock, System::nanoTime),
                new Reports(registry, sessions, refusals, enforcements, presence, clock),
                new Rotation(registry, authorities, presence, clock),
                new Restorations(registry, clock),
                new Tokens(random));
    }

    private static void warn(Throttle.Alarm alarm) {
        LOG.warn(
                "somebody tries secrets at enrollment: throttled={} last={} from={}",
                alarm.throttled(),
                alarm.last(),
                alarm.source());
    }
}
