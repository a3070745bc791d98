package io.gatehouse.benchmarks;

import io.gatehouse.x509.Pem;
import io.gatehouse.x509.der.MalformedException;
import io.gatehouse.x509.tls.ClientIdentity;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The rows of {@code bench admit}: one broker after the other, the same devices, the same clients. Not thread-safe. */
final class AdmitRows {
    /** How many of what. {@code devices} have certificates of their own and connect; {@code others} are only known. */
    record Sizes(int others, int devices, int cold, int warmUp, int measured, int mosquitto, int messages) {
        static final Sizes USUAL = new Sizes(1_000_000, 6_000, 6_000, 20_000, 6_000, 2_000, 200_000);
        static final Sizes SHORT = new Sizes(10_000, 300, 300, 600, 300, 200, 5_000);
    }

    private static final String TLS13 = "TLSv1.3";
    private static final String TLS12 = "TLSv1.2";
    private static final String MODEL = "model-0";
    private static final int KEPT_ALIVE = 16;
    private static final int AT_ONCE = 50;

    private final ServiceHome home;
    private final Sizes sizes;
    private final Report report;
    private final PrintStream err;
    private List<Admitted.Device> devices = List.of();

    AdmitRows(ServiceHome home, Sizes sizes, Report report, PrintStream err) {
        this.home = home;
        this.sizes = sizes;
        this.report = report;
        this.err = err;
    }

    /** Enrolls the devices that connect, and fills the registry with the others; nothing runs afterwards. */
    void fill() throws IOException {
        home.start();
        err.println("enrolling " + sizes.devices() + " devices ...");
        renewedModel();
        Applicants applicants = Applicants.claimed(home, "fleet", sizes.devices());
        devices = enrolled(applicants.next(sizes.devices()));
        home.stop();
        err.println("filling the registry with " + sizes.others() + " more ...");
        RegistryFill.fill(home.database(), MODEL, sizes.others());
    }

    void measure(boolean gatehouse, boolean bare, boolean mosquitto) throws IOException {
        X509Certificate server;
        List<byte[]> crls;
        try (BenchHome up = BenchHome.start(home)) {
            server = serverCertificate();
            crls = MosquittoPeer.crls(up.port("pki"));
            if (gatehouse) {
                gatehouse(new Ours(up.port("mqtt"), server, up.brokerTime()));
            }
        }
        if (bare) {
            bare(server);
        }
        if (mosquitto) {
            mosquitto(server, crls);
        }
    }

    /** Ours, which {@code gatehouse up} runs. */
    private record Ours(int port, X509Certificate certificate, ProcessTime time) implements Broker {
        @Override
        public void close() {}
    }

    private void gatehouse(Ours broker) throws IOException {
        Admitted admitted = new Admitted(broker, devices);
        err.println("connecting to gatehouse ...");
        row("gatehouse-cold-tls13", broker, () -> admitted.full(TLS13, 0, sizes.cold()));
        admitted.full(TLS13, 0, Math.max(1, sizes.warmUp() - sizes.cold()));
        row("gatehouse-tls13", broker, () -> admitted.full(TLS13, 0, sizes.measured()));
        admitted.full(TLS12, 0, sizes.measured() / 3);
        row("gatehouse-tls12", broker, () -> admitted.full(TLS12, 0, sizes.measured()));
        row("gatehouse-resumed", broker, () -> admitted.resumed(sizes.measured()));
        publish(broker);
    }

    private void bare(X509Certificate server) throws IOException {
        err.println("connecting to HiveMQ without the extension ...");
        try (BarePeer.Started broker = BarePeer.start(home, home.root().resolve("bare-native"), server, true)) {
            Admitted mutual = new Admitted(broker.broker(), devices);
            mutual.full(TLS13, sizes.warmUp(), sizes.measured()).into(report.row("bare-broker-native-tls13"));
            Admitted tlsOnly = new Admitted(broker.tlsOnly(), devices);
            tlsOnly.full(TLS13, sizes.measured() / 3, sizes.measured()).into(report.row("tls-only-tls13"));
        }
        err.println("connecting to it without the native provider ...");
        try (BarePeer.Started broker = BarePeer.start(home, home.root().resolve("bare"), server, false)) {
            Admitted mutual = new Admitted(broker.broker(), devices);
            mutual.full(TLS13, sizes.warmUp(), sizes.measured()).into(report.row("bare-broker-tls13"));
        }
    }

    private void mosquitto(X509Certificate server, List<byte[]> crls) throws IOException {
        Optional<Path> program = MosquittoPeer.program();
        if (program.isEmpty()) {
            err.println("mosquitto is not installed: its rows are left out");
            return;
        }
        err.println("connecting to mosquitto ...");
        Path directory = home.root().resolve("mosquitto");
        try (PeerProcess broker = MosquittoPeer.start(program.get(), home, directory, server, crls)) {
            Admitted admitted = new Admitted(broker, devices);
            int warmUp = sizes.mosquitto() / 10;
            admitted.full(TLS13, warmUp, sizes.mosquitto()).into(report.row("mosquitto-tls13"));
            admitted.full(TLS12, warmUp, sizes.mosquitto()).into(report.row("mosquitto-tls12"));
        }
    }

    /** A row with the part of the processor time that went to the threads on which the extension runs. */
    private void row(String name, Broker broker, Supplier<Load.Figures> work) {
        double extension = broker.time().threads(AdmitRows::ofTheExtension).toNanos();
        double whole = broker.cpu().toNanos();
        Load.Figures figures = work.get();
        extension = broker.time().threads(AdmitRows::ofTheExtension).toNanos() - extension;
        whole = broker.cpu().toNanos() - whole;
        Report.Row row = report.row(name);
        figures.into(row);
        row.figure("extensionPercent", 100 * extension / whole).count("devices", sizes.others() + sizes.devices());
    }

    /** HiveMQ calls extensions on the first of these only; the others are our extension's own. */
    private static boolean ofTheExtension(String thread) {
        return thread.startsWith("extension-task") || thread.startsWith("gatehouse");
    }

    /** Messages of one device to a topic of its own, with QoS 0 and nobody who listens. */
    private void publish(Broker broker) throws IOException {
        Admitted.Device device = devices.get(0);
        String topic = "devices/" + device.id() + "/telemetry/bench";
        ByteArrayOutputStream many = new ByteArrayOutputStream();
        for (int i = 0; i < AT_ONCE; i++) {
            many.writeBytes(MqttClient.publish(topic, new byte[32]));
        }
        DeviceTls tls = DeviceTls.to(broker.port(), broker.certificate(), TLS13, 1);
        try (MqttClient client = MqttClient.connect(tls.open(device.identity()), device.id())) {
            send(client, many.toByteArray(), topic, sizes.messages() / 2);
            double extension = broker.time().threads(AdmitRows::ofTheExtension).toNanos();
            double whole = broker.cpu().toNanos();
            send(client, many.toByteArray(), topic, sizes.messages());
            extension = broker.time().threads(AdmitRows::ofTheExtension).toNanos() - extension;
            whole = broker.cpu().toNanos() - whole;
            report.row("publish")
                    .count("n", sizes.messages())
                    .figure("extensionMicros", extension / 1e3 / sizes.messages())
                    .figure("serverCpuMicros", whole / 1e3 / sizes.messages());
        }
    }

    private static void send(MqttClient client, byte[] many, String topic, int messages) throws IOException {
        for (int sent = 0; sent < messages; sent += AT_ONCE) {
            client.send(many);
        }
        client.publishAndAwait(topic);
    }

    /** One device that was enrolled and renewed, as the model of those that are only known. */
    private void renewedModel() throws IOException {
        Applicant model = Applicants.claimed(home, "model", 1).next();
        DeviceTls tls = DeviceTls.of(home, TLS13);
        try (DeviceConnection first = tls.connect()) {
            ClientIdentity identity = model.holding(
                    first.exchange(model.simpleEnroll(false)).expect(200).body(), home.devicesCa());
            try (DeviceConnection second = tls.connect(identity)) {
                second.exchange(model.rekeyed().simpleReenroll()).expect(200);
            }
        }
    }

    private List<Admitted.Device> enrolled(List<Applicant> applicants) throws IOException {
        DeviceTls tls = DeviceTls.of(home, TLS13);
        List<Admitted.Device> made = new ArrayList<>();
        for (List<Admitted.Device> part : Load.parallel(KEPT_ALIVE, part -> {
            List<Admitted.Device> some = new ArrayList<>();
            try (DeviceConnection connection = tls.connect()) {
                for (int i = part; i < applicants.size(); i += KEPT_ALIVE) {
                    Applicant each = applicants.get(i);
                    String answer = connection
                            .exchange(each.simpleEnroll(true))
                            .expect(200)
                            .body();
                    some.add(new Admitted.Device(each.id(), each.holding(answer, home.devicesCa())));
                }
            }
            return some;
        })) {
            made.addAll(part);
        }
        return made;
    }

    private X509Certificate serverCertificate() throws IOException {
        try {
            return Pem.certificates(Files.readString(home.root().resolve("broker/conf/gatehouse/server.pem")))
                    .get(0);
        } catch (MalformedException broken) {
            throw new BenchFailed("the broker's certificate cannot be read", broken);
        }
    }
}
