package io.gatehouse.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.Locale;

/**
 * What a registry of a million devices with two million certificates makes enrolling and searching cost, against one of a thousand
 * devices. Both services run at the same time and are asked in turns, so that what else the machine does meets both.
 */
final class MillionRegistry {
    private static final int FEW = 1_000;
    private static final int FOUND = 10;

    private final ServiceHome service;
    private final int devices;
    private final Applicants applicants;
    private final DeviceTls tls;

    /** How many of what. */
    private record Sizes(int devices, int warmUp, int rounds, int enrollments, int searches) {
        static final Sizes USUAL = new Sizes(1_000_000, 10_000, 12, 1_000, 300);
        static final Sizes SHORT = new Sizes(100_000, 2_000, 4, 500, 100);
    }

    /** Ratios are of times: 1 when a million cost nothing. */
    record Figures(
            int devices,
            int count,
            double perSecond,
            double enrollRatio,
            double enrollCpuRatio,
            double searchRatio,
            double searchP50Millis) {
        void into(Report.Row row) {
            row.count("devices", devices)
                    .count("certificates", 2L * devices)
                    .count("n", count)
                    .figure("perSecond", perSecond)
                    .figure("enrollRatio", enrollRatio)
                    .figure("enrollCpuRatio", enrollCpuRatio)
                    .figure("searchRatio", searchRatio)
                    .figure("searchP50Millis", searchP50Millis);
        }
    }

    private MillionRegistry(ServiceHome service, int devices, int enrollments) throws IOException {
        this.service = service;
        this.devices = devices;
        String model = renewed(service);
        service.stop();
        RegistryFill.fill(service.database(), model, devices);
        service.start();
        this.tls = DeviceTls.of(service, "TLSv1.3"); // it has made itself a new certificate
        this.applicants = Applicants.claimed(service, "more", enrollments);
    }

    static Figures measure(boolean small, PrintStream err) throws IOException {
        Sizes sizes = small ? Sizes.SHORT : Sizes.USUAL;
        int enrollments = sizes.warmUp() + sizes.rounds() * sizes.enrollments();
        try (ServiceHome smaller = ServiceHome.init();
                ServiceHome larger = ServiceHome.init()) {
            err.println("filling a registry with " + sizes.devices() + " devices ...");
            MillionRegistry few = new MillionRegistry(smaller.start(), FEW, enrollments);
            MillionRegistry many = new MillionRegistry(larger.start(), sizes.devices(), enrollments);
            few.enroll(sizes.warmUp());
            many.enroll(sizes.warmUp());
            err.println("enrolling and searching ...");
            return compared(sizes, few, many);
        }
    }

    private static Figures compared(Sizes sizes, MillionRegistry few, MillionRegistry many) throws IOException {
        double[] enroll = new double[sizes.rounds()];
        double[] cpu = new double[sizes.rounds()];
        double[] search = new double[sizes.rounds()];
        double[] rates = new double[sizes.rounds()];
        double[] searches = new double[sizes.rounds()];
        few.search(sizes.searches());
        many.search(sizes.searches());
        for (int i = 0; i < sizes.rounds(); i++) {
            Load.Figures of1k = few.enroll(sizes.enrollments());
            Load.Figures of1m = many.enroll(sizes.enrollments());
            rates[i] = of1m.perSecond();
            enroll[i] = of1k.perSecond() / of1m.perSecond();
            cpu[i] = of1m.serverCpuMicros() / of1k.serverCpuMicros();
            double searchOf1k = few.search(sizes.searches());
            searches[i] = many.search(sizes.searches());
            search[i] = searches[i] / searchOf1k;
        }
        return new Figures(
                sizes.devices(),
                sizes.rounds() * sizes.enrollments(),
                median(rates),
                median(enroll),
                median(cpu),
                median(search),
                median(searches));
    }

    /** Enrolls a device and renews it once; the id. */
    static String renewed(ServiceHome service) throws IOException {
        Applicant applicant = Applicants.claimed(service, "bench", 1).next();
        DeviceTls tls = DeviceTls.of(service, "TLSv1.3");
        try (DeviceConnection first = tls.connect()) {
            var identity = applicant.holding(
                    first.exchange(applicant.simpleEnroll(false)).expect(200).body(), service.devicesCa());
            try (DeviceConnection second = tls.connect(identity)) {
                second.exchange(applicant.rekeyed().simpleReenroll()).expect(200);
            }
        }
        return applicant.id();
    }

    private Load.Figures enroll(int count) {
        return EnrollRows.keepAlive(service, tls, applicants.next(count));
    }

    /** The median of searches by the beginning of an id, each of which finds ten devices; milliseconds. */
    private double search(int count) throws IOException {
        double[] millis = new double[count];
        try (KeepAlive admin = KeepAlive.open(service.adminPort(), service.trusting())) {
            String authorization = service.authorization();
            for (int i = 0; i < count; i++) {
                int tenth = (int) ((long) i * 7919 % (devices / FOUND));
                String query = String.format(Locale.ROOT, "/api/v1/devices?q=m-%06d&limit=50", tenth);
                KeepAlive.Exchange found = admin.get(query, authorization);
                if (found.status() != 200 || found.body().split("\"id\"", -1).length != FOUND + 1) {
                    throw new BenchFailed("a search that did not find ten devices: " + found.body());
                }
                millis[i] = Millis.between(found.sentNanos(), found.answeredNanos());
            }
        }
        return Millis.of(millis).percentile(50);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
