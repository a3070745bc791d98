package io.gatehouse.benchmarks;

import io.gatehouse.x509.tls.ClientIdentity;
import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The rows of enrollments over the network, against one service that is cold at first and warm then. */
final class EnrollRows {
    /** How many of what. */
    record Sizes(int cold, int warmUp, int measured, int keepAlive) {
        static final Sizes USUAL = new Sizes(1_000, 20_000, 6_000, 30_000);
        static final Sizes SHORT = new Sizes(500, 3_000, 1_500, 5_000);

        int claims() {
            return cold + 2 * warmUp + 2 * measured + keepAlive;
        }
    }

    private static final int CLIENTS = 8;
    private static final int KEPT_ALIVE = 16;

    private final ServiceHome service;
    private final Sizes sizes;
    private final Report report;
    private final Queue<Enrolled> enrolled = new ConcurrentLinkedQueue<>();

    /** A device that has a certificate. */
    private record Enrolled(Applicant applicant, ClientIdentity identity) {}

    EnrollRows(ServiceHome service, Sizes sizes, Report report) {
        this.service = service;
        this.sizes = sizes;
        this.report = report;
    }

    void measure(Applicants applicants) throws IOException {
        DeviceTls tls13 = DeviceTls.of(service, "TLSv1.3");
        DeviceTls tls12 = DeviceTls.of(service, "TLSv1.2");
        basic(tls13, applicants.next(sizes.cold())).into(report.row("cold-tls13-basic"));
        warmUp(tls13, tls12, applicants);
        basic(tls13, applicants.next(sizes.measured())).into(report.row("new-tls13-basic"));
        basic(tls12, applicants.next(sizes.measured())).into(report.row("new-tls12-basic"));
        withCertificate(tls13, sizes.measured()).into(report.row("new-tls13-cert"));
        keepAlive(tls13, applicants.next(sizes.keepAlive())).into(report.row("keep-alive"));
    }

    /** Every path gets its part of the requests; new connections with TLS 1.3 and Basic most of them. */
    private void warmUp(DeviceTls tls13, DeviceTls tls12, Applicants applicants) throws IOException {
        int part = sizes.warmUp() / 10;
        basic(tls13, applicants.next(sizes.warmUp() - sizes.cold()));
        basic(tls12, applicants.next(3 * part));
        keepAlive(tls13, applicants.next(5 * part));
        withCertificate(tls13, 2 * part);
    }

    private Load.Figures basic(DeviceTls tls, List<Applicant> applicants) {
        List<byte[]> requests =
                applicants.stream().map(each -> each.simpleEnroll(false)).toList();
        String[] answers = new String[requests.size()];
        Load.Figures figures = Load.run(service, CLIENTS, requests.size(), () -> number -> {
            try (DeviceConnection connection = tls.connect()) {
                answers[number] =
                        connection.exchange(requests.get(number)).expect(200).body();
            }
        });
        if (enrolled.size() < 2 * sizes.measured()) {
            for (int i = 0; i < answers.length; i++) {
                Applicant applicant = applicants.get(i);
                enrolled.add(new Enrolled(applicant, applicant.holding(answers[i], service.devicesCa())));
            }
        }
        return figures;
    }

    /** Renewals with a new key: the certificate of the handshake is the only proof. */
    private Load.Figures withCertificate(DeviceTls tls, int count) throws IOException {
        List<Enrolled> devices = new java.util.ArrayList<>();
        for (int i = 0; i < count; i++) {
            Enrolled device = enrolled.poll();
            if (device == null) {
                throw new BenchFailed("too few devices have a certificate");
            }
            devices.add(device);
        }
        List<byte[]> requests = devices.stream()
                .map(device -> device.applicant().rekeyed().simpleReenroll())
                .toList();
        return Load.run(service, CLIENTS, count, () -> number -> {
            try (DeviceConnection connection = tls.connect(devices.get(number).identity())) {
                connection.exchange(requests.get(number)).expect(200);
            }
        });
    }

    private Load.Figures keepAlive(DeviceTls tls, List<Applicant> applicants) {
        return keepAlive(service, tls, applicants);
    }

    /** Enrollments over connections that stay open, one after another on each. */
    static Load.Figures keepAlive(ServiceHome service, DeviceTls tls, List<Applicant> applicants) {
        List<byte[]> requests =
                applicants.stream().map(each -> each.simpleEnroll(true)).toList();
        return Load.run(service, KEPT_ALIVE, requests.size(), () -> {
            DeviceConnection connection = tls.connect();
            return new Load.Client() {
                @Override
                public void send(int number) throws IOException {
                    connection.exchange(requests.get(number)).expect(200);
                }

                @Override
                public void close() throws IOException {
                    connection.close();
                }
            };
        });
    }
}
