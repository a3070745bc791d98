package io.gatehouse.enrollment.wiring;

import io.gatehouse.enrollment.api.BrokersApi;
import io.gatehouse.enrollment.api.CaApi;
import io.gatehouse.enrollment.api.CertificatesApi;
import io.gatehouse.enrollment.api.ClaimsApi;
import io.gatehouse.enrollment.api.DevicesApi;
import io.gatehouse.enrollment.api.EvidenceApi;
import io.gatehouse.enrollment.api.FleetsApi;
import io.gatehouse.enrollment.api.Gate;
import io.gatehouse.enrollment.api.ImportsApi;
import io.gatehouse.enrollment.api.OpenApi;
import io.gatehouse.enrollment.api.PendingApi;
import io.gatehouse.enrollment.api.PoliciesApi;
import io.gatehouse.enrollment.api.Problems;
import io.gatehouse.enrollment.api.RestorationApi;
import io.gatehouse.enrollment.api.RevocationsApi;
import io.gatehouse.enrollment.app.port.Issuer;
import io.gatehouse.enrollment.config.Home;
import io.gatehouse.enrollment.config.ServiceConfig;
import io.gatehouse.enrollment.est.DeviceAnswers;
import io.gatehouse.enrollment.est.DeviceEndpoint;
import io.gatehouse.enrollment.est.DeviceRefusals;
import io.gatehouse.enrollment.est.EstEndpoints;
import io.gatehouse.enrollment.feed.BrokerCertificatesEndpoint;
import io.gatehouse.enrollment.feed.BrokerDoor;
import io.gatehouse.enrollment.feed.FeedEndpoint;
import io.gatehouse.enrollment.feed.ReportsEndpoint;
import io.gatehouse.enrollment.feed.WitnessEndpoint;
import io.gatehouse.enrollment.http.HttpPort;
import io.gatehouse.enrollment.http.Observer;
import io.gatehouse.enrollment.http.PortSettings;
import io.gatehouse.enrollment.http.RefusalLog;
import io.gatehouse.enrollment.http.Route;
import io.gatehouse.enrollment.http.Routes;
import io.gatehouse.enrollment.http.ServerTls;
import io.gatehouse.enrollment.pki.OcspEndpoints;
import io.gatehouse.enrollment.pki.PkiEndpoints;
import io.gatehouse.enrollment.pki.PublicRefusals;
import io.gatehouse.enrollment.status.Metrics;
import io.gatehouse.enrollment.status.ServiceStatus;
import io.gatehouse.enrollment.status.StatusEndpoints;
import io.gatehouse.x509.Certificates;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The three ports, and which routes each has. */
final class Doors {
    private final ServiceConfig config;
    private final Home home;
    private final UseCases app;
    private final Issuer issuer;
    private final CaView ca;
    private final InstantSource clock;
    private final Metrics metrics;
    private final Observer observer;

    Doors(ServiceConfig config, Home home, UseCases app, Issuer issuer, CaView ca, InstantSource clock) {
        this.config = config;
        this.home = home;
        this.app = app;
        this.issuer = issuer;
        this.ca = ca;
        this.clock = clock;
        this.metrics = new Metrics(app.sessions(), app.throttle(), ca, clock);
        var log = new RefusalLog();
        this.observer = seen -> {
            metrics.answered(seen);
            log.answered(seen);
        };
    }

    /** The enroll port comes last: who can reach it finds everything else there. */
    Ports open(OpenParts parts, ServerTls tls, Instant since) {
        var pki = parts.keep(HttpPort.open(
                PortSettings.of("pki", new InetSocketAddress(config.bind(), config.pkiPort()))
                        .connections(1_000)
                        .patience(Duration.ofSeconds(10)),
                Optional.empty(),
                joined(Stream.of(new PkiEndpoints(ca).routes(), new OcspEndpoints(ca, clock).routes())),
                new PublicRefusals(),
                observer));
        var problems = new Problems();
        var admin = parts.keep(HttpPort.open(
                PortSettings.of("admin", new InetSocketAddress(config.adminBind(), config.adminPort()))
                        .threads(32)
                        .streams(4)
                        .patience(Duration.ofSeconds(60)),
                Optional.of(tls),
                adminRoutes(problems, since),
                problems,
                observer));
        var devices = new DeviceRefusals();
        var enroll = parts.keep(HttpPort.open(
                PortSettings.of("enroll", new InetSocketAddress(config.bind(), config.enrollPort()))
                        .askingForCertificate()
                        .threads(48)
                        .streams(64)
                        .connections(2_000),
                Optional.of(tls),
                enrollRoutes(devices),
                devices,
                observer));
        return new Ports(enroll.port(), admin.port(), pki.port());
    }

    private Routes enrollRoutes(DeviceRefusals form) {
        var answers = new DeviceAnswers(form, app.refusals(), clock);
        var door = new BrokerDoor(app.brokers(), answers);
        return joined(Stream.of(
                new EstEndpoints(app.enroll(), app.reenroll(), app.fleets(), issuer, answers).routes(),
                new DeviceEndpoint(app.describe(), answers).routes(),
                new FeedEndpoint(app.hub(), app.restorations(), door, home.data(), clock).routes(),
                new WitnessEndpoint(app.restorations(), door).routes(),
                new ReportsEndpoint(app.reports(), door).routes(),
                new BrokerCertificatesEndpoint(app.brokers(), issuer, door).routes()));
    }

    Routes adminRoutes(Problems problems, Instant since) {
        var gate = new Gate(app.tokens(), problems, app.refusals(), clock);
        var root = Certificates.fingerprint(issuer.servicesRoot());
        var status = new ServiceStatus(
                version(),
                since,
                app.hub(),
                app.brokers(),
                app.sessions(),
                app.pending(),
                app.throttle(),
                app.limits(),
                app.restorations(),
                app.checkpoints(),
                ca,
                app.rotation(),
                clock);
        return joined(Stream.of(
                new FleetsApi(app.fleets(), app.reissues(), gate).routes(),
                new PoliciesApi(app.policies(), app.fleets(), gate).routes(),
                new ClaimsApi(app.claims(), gate, config.enrollUrl(), root, clock).routes(),
                new PendingApi(app.pending(), gate).routes(),
                new DevicesApi(app.devices(), gate).routes(),
                new ImportsApi(app.imports(), gate).routes(),
                new RevocationsApi(app.devices(), gate).routes(),
                new CertificatesApi(app.certificates(), gate).routes(),
                new CaApi(app.rotation(), ca, config.pkiUrl(), gate).routes(),
                new BrokersApi(app.brokers(), app.nodes(), app.hub(), issuer, config, gate).routes(),
                new EvidenceApi(app.sessions(), app.refusals(), app.audit(), app.export(), gate).routes(),
                new RestorationApi(app.restorations(), gate).routes(),
                new OpenApi().routes(),
                new StatusEndpoints(status, metrics, guarded -> gate.open((actor, request) -> guarded.answer(request)))
                        .routes()));
    }

    private static Routes joined(Stream<List<Route>> parts) {
        return new Routes(parts.flatMap(List::stream).toList());
    }

    private static String version() {
        var fromManifest = Doors.class.getPackage().getImplementationVersion();
        return fromManifest == null ? "development" : fromManifest;
    }
}
