package io.gatehouse.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * The same HiveMQ with the same listener, key and trust as a home's broker, and no extension. It has a second listener that asks for
 * no client certificate.
 */
final class BarePeer {
    private static final String SECURITY = "-Djava.security.properties=";
    private static final String HOME = "-Dhivemq.home=";

    private BarePeer() {}

    /** A broker, and the port where it does without certificates of clients. */
    record Started(PeerProcess broker, int tlsOnlyPort) implements AutoCloseable {
        PeerProcess tlsOnly() {
            return broker.at(tlsOnlyPort);
        }

        @Override
        public void close() {
            broker.close();
        }
    }

    /** Starts it in that new directory; with the JDK's own cryptography alone when {@code fast} is false. */
    static Started start(ServiceHome home, Path directory, X509Certificate certificate, boolean fast)
            throws IOException {
        Path original = home.root().resolve("broker");
        for (String folder : List.of("conf/gatehouse", "data", "extensions", "log")) {
            Files.createDirectories(directory.resolve(folder));
        }
        for (String file : List.of("logback.xml", "gatehouse/keystore.p12", "gatehouse/truststore.p12")) {
            Files.copy(
                    original.resolve("conf").resolve(file),
                    directory.resolve("conf").resolve(file));
        }
        int port = PeerProcess.freePort();
        int tlsOnly = PeerProcess.freePort();
        String config = Files.readString(original.resolve("conf/config.xml"));
        Files.writeString(directory.resolve("conf/config.xml"), twoListeners(config, home.mqttPort(), port, tlsOnly));
        PeerProcess broker = PeerProcess.start(
                command(home, directory, fast), directory.resolve("log/output.log"), port, certificate);
        return new Started(broker, tlsOnly);
    }

    private static String twoListeners(String config, int was, int port, int tlsOnly) {
        int begin = config.indexOf("<tls-tcp-listener>");
        int end = config.indexOf("</tls-tcp-listener>") + "</tls-tcp-listener>".length();
        if (begin < 0 || end < begin) {
            throw new BenchFailed("the broker's configuration has no tls-tcp-listener");
        }
        String listener = config.substring(begin, end);
        String mutual = listener.replace("<port>" + was + "<", "<port>" + port + "<");
        String without = listener.replace("<port>" + was + "<", "<port>" + tlsOnly + "<")
                .replace("<name>mqtt<", "<name>tls-only<")
                .replace(">REQUIRED<", ">NONE<");
        if (mutual.equals(listener) || !without.contains(">NONE<") || !without.contains("tls-only")) {
            throw new BenchFailed("the broker's listener is not as this benchmark knows it");
        }
        return config.substring(0, begin) + mutual + without + config.substring(end);
    }

    /** As our own broker is started, with another home, without the extension's words. */
    private static List<String> command(ServiceHome home, Path directory, boolean fast) {
        List<String> command = new ArrayList<>();
        List<String> ours = home.brokerCommand();
        for (String word : ours) {
            if (word.startsWith(HOME)) {
                command.add(HOME + directory);
            } else if (word.equals("com.hivemq.HiveMQServer")) {
                command.add(BareBroker.class.getName());
            } else if (!word.startsWith("-Dgatehouse.") && (fast || !word.startsWith(SECURITY))) {
                command.add(word);
            }
        }
        int classPath = command.indexOf("-cp") + 1;
        command.set(classPath, command.get(classPath) + ":" + ownJar());
        return command;
    }

    private static String ownJar() {
        URL location = BareBroker.class.getProtectionDomain().getCodeSource().getLocation();
        return Path.of(URI.create(location.toString())).toString();
    }
}
