package io.gatehouse.gateway.cli;

import io.gatehouse.enrollment.config.Home;
import io.gatehouse.enrollment.config.Setting;
import io.gatehouse.enrollment.config.Settings;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where the home is and what its configuration shall say: the options of {@code init}, {@code up}, {@code service}, {@code broker}. */
final class HomeOptions {
    private static final String VARIABLE = "GATEHOUSE_HOME";
    private static final Path DEFAULT = Path.of("gatehouse-home");

    @Option(
            names = "--home",
            paramLabel = "DIR",
            description = "where everything lies (default: $GATEHOUSE_HOME, else ./gatehouse-home)")
    private Optional<Path> home = Optional.empty();

    @Option(
            names = "--host",
            paramLabel = "NAME[,NAME]",
            description = "public names of this machine (default: localhost,127.0.0.1)")
    private Optional<String> host = Optional.empty();

    @Option(
            names = "--bind",
            paramLabel = "ADDRESS",
            description = "where the ports for devices listen (default: 127.0.0.1; 0.0.0.0 for all)")
    private Optional<String> bind = Optional.empty();

    @Option(
            names = "--trust-domain",
            paramLabel = "NAME",
            description = "first part of every identity (default: gatehouse.internal)")
    private Optional<String> trustDomain = Optional.empty();

    @Option(
            names = "--enroll-port",
            paramLabel = "PORT",
            description = "HTTPS for devices (default: 8443); 0: any free port, chosen once, as for each port")
    private Optional<String> enrollPort = Optional.empty();

    @Option(names = "--admin-port", paramLabel = "PORT", description = "HTTPS for the REST API (default: 8444)")
    private Optional<String> adminPort = Optional.empty();

    @Option(
            names = "--admin-bind",
            paramLabel = "ADDRESS",
            description = "where the admin port listens (default: 127.0.0.1, whatever --bind says)")
    private Optional<String> adminBind = Optional.empty();

    @Option(
            names = "--pki-port",
            paramLabel = "PORT",
            description = "HTTP for revocation lists and CA certificates (default: 8080)")
    private Optional<String> pkiPort = Optional.empty();

    @Option(names = "--mqtt-port", paramLabel = "PORT", description = "MQTT over mutual TLS (default: 8883)")
    private Optional<String> mqttPort = Optional.empty();

    @Option(
            names = "--wss-port",
            paramLabel = "PORT",
            description = "MQTT over secure WebSocket with mutual TLS (default: off)")
    private Optional<String> wssPort = Optional.empty();

    Home home(Terminal terminal) {
        return homeOf(home, terminal);
    }

    /** The home of the command line, without any default. */
    Optional<Home> given() {
        return home.map(Home::new);
    }

    /** What was said on the command line, by setting. */
    Map<Setting<?>, String> settings() {
        Map<Setting<?>, String> said = new LinkedHashMap<>();
        host.ifPresent(text -> said.put(Settings.HOSTS, text));
        bind.ifPresent(text -> said.put(Settings.BIND, text));
        trustDomain.ifPresent(text -> said.put(Settings.TRUST_DOMAIN_NAME, text));
        enrollPort.ifPresent(text -> said.put(Settings.ENROLL_PORT, text));
        adminPort.ifPresent(text -> said.put(Settings.ADMIN_PORT, text));
        adminBind.ifPresent(text -> said.put(Settings.ADMIN_BIND, text));
        pkiPort.ifPresent(text -> said.put(Settings.PKI_PORT, text));
        mqttPort.ifPresent(text -> said.put(Settings.MQTT_PORT, text));
        wssPort.ifPresent(text -> said.put(Settings.WSS_PORT, text));
        return said;
    }

    static Home homeOf(Optional<Path> option, Terminal terminal) {
        return new Home(option.orElseGet(
                () -> Optional.ofNullable(terminal.environment().get(VARIABLE))
                        .filter(text -> !text.isBlank())
                        .map(Path::of)
                        .orElse(DEFAULT)));
    }
}
