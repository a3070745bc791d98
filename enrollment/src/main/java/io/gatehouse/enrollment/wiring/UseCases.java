package io.gatehouse.enrollment.wiring;

import io.gatehouse.enrollment.app.AuditTrail;
import io.gatehouse.enrollment.app.Brokers;
import io.gatehouse.enrollment.app.CertificateJudge;
import io.gatehouse.enrollment.app.Claims;
import io.gatehouse.enrollment.app.CsrRules;
import io.gatehouse.enrollment.app.DescribeDevice;
import io.gatehouse.enrollment.app.Devices;
import io.gatehouse.enrollment.app.Enforcements;
import io.gatehouse.enrollment.app.EnrollDevice;
import io.gatehouse.enrollment.app.FeedHub;
import io.gatehouse.enrollment.app.Fleets;
import io.gatehouse.enrollment.app.Policies;
import io.gatehouse.enrollment.app.Presence;
import io.gatehouse.enrollment.app.ReenrollDevice;
import io.gatehouse.enrollment.app.Refusals;
import io.gatehouse.enrollment.app.Reports;
import io.gatehouse.enrollment.app.Sessions;
import io.gatehouse.enrollment.app.Throttle;
import io.gatehouse.enrollment.app.Tokens;
import io.gatehouse.enrollment.app.imports.ImportDevices;
import io.gatehouse.enrollment.app.imports.ImportedAuthorities;
import io.gatehouse.enrollment.app.port.CrlPublisher;
import io.gatehouse.enrollment.app.port.Issuer;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.enrollment.config.ServiceConfig;
import io.gatehouse.x509.TrustDomain;
import java.security.SecureRandom;
import java.time.InstantSource;

/** All that the service can be asked to do, made once. */
record UseCases(
        EnrollDevice enroll,
        ReenrollDevice reenroll,
        DescribeDevice describe,
        Fleets fleets,
        Policies policies,
        Claims claims,
        Devices devices,
        ImportDevices imports,
        ImportedAuthorities importedAuthorities,
        Sessions sessions,
        Refusals refusals,
        AuditTrail audit,
        Brokers brokers,
        FeedHub hub,
        Reports reports,
        Tokens tokens) {

    static UseCases over(
            Registry registry, Issuer issuer, CrlPublisher crls, ServiceConfig config, InstantSource clock) {
        var random = new SecureRandom();
        var domain = TrustDomain.of(config.trustDomain());
        var rules = new CsrRules(domain);
        var judge = new CertificateJudge(registry, issuer, clock);
        var reenroll = new ReenrollDevice(registry, issuer, judge, rules, clock);
        var sessions = new Sessions();
        var refusals = new Refusals();
        var presence = new Presence();
        var enforcements = new Enforcements(registry);
        var importedAuthorities = new ImportedAuthorities(registry, clock);
        return new UseCases(
                new EnrollDevice(registry, issuer, judge, rules, reenroll, new Throttle(clock), clock),
                reenroll,
                new DescribeDevice(registry, judge, config.brokerUrl().toString(), clock),
                new Fleets(registry, clock),
                new Policies(registry),
                new Claims(registry, random, clock),
                new Devices(registry, crls, sessions, enforcements, clock),
                new ImportDevices(registry, issuer, importedAuthorities, clock),
                importedAuthorities,
                sessions,
                refusals,
                new AuditTrail(registry),
                new Brokers(registry, issuer, rules, presence, domain, config.certificateNames(), clock),
                new FeedHub(registry, presence, clock),
                new Reports(registry, sessions, refusals, enforcements, presence, clock),
                new Tokens(random));
    }
}
