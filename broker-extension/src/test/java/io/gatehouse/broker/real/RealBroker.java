package io.gatehouse.broker.real;

import io.gatehouse.testkit.Await;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.ProcessRun;
import io.gatehouse.testkit.RunningProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The real HiveMQ server in a process of its own. */
final class RealBroker implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(90);

    final BrokerHome home;
    private final RunningProcess process;

    private RealBroker(BrokerHome home, RunningProcess process) {
        this.home = home;
        this.process = process;
    }

    /** Started and listening. */
    static RealBroker start(BrokerHome home, String... options) {
        var broker = launch(home, options);
        broker.process.awaitOutput("Started HiveMQ in", START);
        return broker;
    }

    /** Starting. */
    static RealBroker launch(BrokerHome home, String... options) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx384m",
                "-XX:TieredStopAtLevel=1",
                "-Dhivemq.home=" + home.path));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("gatehouse.hivemq.lib") + "/*", "com.hivemq.HiveMQServer"));
        return new RealBroker(home, ProcessRun.of(command).start());
    }

    /** With the extension saying that devices are admitted. */
    static RealBroker startReady(BrokerHome home) {
        var broker = start(home);
        broker.awaitStatus("\"ready\":true");
        return broker;
    }

    void awaitStatus(String part) {
        Await.until(part + " in the status file", Duration.ofSeconds(30), () -> status().contains(part));
    }

    String status() throws IOException {
        return Files.readString(home.data().resolve("status.json"));
    }

    String log() {
        return process.out() + process.err();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    int awaitExit() {
        return process.awaitExit(START);
    }

    /** Kills it without a chance to write anything more. */
    void kill() {
        process.kill();
    }

    /** Ends it as an operator does. */
    void stop() {
        process.terminate();
        process.awaitExit(Duration.ofSeconds(60));
    }

    /** A TLS connection with that certificate, over which nothing is said yet. */
    RawMqtt connection(HeldCertificate certificate) {
        return RawMqtt.open(certificate.sslContext(List.of(home.pki.servicesRoot.certificate())), home.port);
    }

    /** The same from another address of this machine. */
    RawMqtt connection(HeldCertificate certificate, String from) {
        return RawMqtt.open(certificate.sslContext(List.of(home.pki.servicesRoot.certificate())), home.port, from);
    }

    RawMqtt anonymous() {
        return RawMqtt.open(HeldCertificate.anonymous(List.of(home.pki.servicesRoot.certificate())), home.port);
    }

    @Override
    public void close() {
        process.close();
    }
}
