package io.gatehouse.gateway.install;

import io.gatehouse.enrollment.config.Home;
import io.gatehouse.enrollment.config.ServiceConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The commands that start the two parts with the Java that runs now. */
public final class JavaCommands {
    private static final int LARGEST_PAUSED_MEGABYTES = 2_048;
    private static final int FIRST_WITH_NATIVE_ACCESS_WARNINGS = 24;

    private final Stage stage;
    private final int javaFeature;

    public JavaCommands(Stage stage) {
        this(stage, Runtime.version().feature());
    }

    JavaCommands(Stage stage, int javaFeature) {
        this.stage = stage;
        this.javaFeature = javaFeature;
    }

    /** The enrollment service; reads the passphrase from its standard input and ends when that closes. */
    public List<String> service(Home home, ServiceConfig config) {
        List<String> command = new ArrayList<>(List.of(java()));
        command.addAll(memory(config.serviceHeapMegabytes()));
        command.addAll(List.of("-XX:+UseSerialGC", "-Dlogback.configurationFile=logback-supervised.xml"));
        command.add("-Dgatehouse.log.folder=" + home.log());
        command.addAll(newerJava());
        command.add("-D" + Stage.PROPERTY + "=" + stage.root());
        command.addAll(List.of("-cp", withFastCrypto(stage.gatewayClassPath()), "io.gatehouse.gateway.Main"));
        command.addAll(List.of("service", "--supervised", "--home", home.toString()));
        return command;
    }

    /** A standard HiveMQ server; our extension ends it when its standard input closes. */
    public List<String> broker(Home home, ServiceConfig config) {
        BrokerHome broker = new BrokerHome(home, config, stage);
        List<String> command = new ArrayList<>(List.of(java()));
        command.addAll(memory(config.brokerHeapMegabytes()));
        command.addAll(collector(config.brokerHeapMegabytes()));
        command.addAll(openings());
        command.addAll(newerJava());
        command.add("-Djava.net.preferIPv4Stack=" + (config.bind().indexOf(':') < 0));
        command.add("-Dgatehouse.supervised=true");
        command.add("-Djava.security.properties=" + broker.securityProperties());
        command.add("-Dhivemq.home=" + home.broker());
        command.addAll(List.of("-cp", withFastCrypto(stage.hivemqClassPath()), "com.hivemq.HiveMQServer"));
        return command;
    }

    /** A verb of the device agent: short-lived, so that the first compiler is enough. */
    public List<String> agent(List<String> words) {
        List<String> command = new ArrayList<>(List.of(java()));
        command.addAll(List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"));
        command.addAll(List.of("-cp", stage.gatewayClassPath(), "io.gatehouse.gateway.Main", "agent"));
        command.addAll(words);
        return command;
    }

    private static List<String> memory(int megabytes) {
        return List.of(
                "-Xmx" + megabytes + "m", "-XX:+ExitOnOutOfMemoryError", "-Xshare:auto", "-Dfile.encoding=UTF-8");
    }

    /** A small heap is collected with less processor time by threads that stop the others; the pauses of a large one would be too long. */
    private static List<String> collector(int megabytes) {
        return megabytes <= LARGEST_PAUSED_MEGABYTES ? List.of("-XX:+UseParallelGC") : List.of();
    }

    /** What HiveMQ's own start script opens, for the fast paths of Netty, Xodus and the metrics. */
    private static List<String> openings() {
        return List.of(
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                "--add-opens=jdk.management/com.sun.management.internal=ALL-UNNAMED",
                "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED");
    }

    /** Newer Java warns of native libraries and of Unsafe, and will refuse the second, without which HiveMQ does not start. */
    private List<String> newerJava() {
        return javaFeature < FIRST_WITH_NATIVE_ACCESS_WARNINGS
                ? List.of()
                : List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");
    }

    private String withFastCrypto(String classPath) {
        List<String> all = new ArrayList<>(List.of(classPath));
        all.addAll(stage.fastCryptoClassPath());
        return String.join(":", all);
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
