package io.gatehouse.gateway.install;

import io.gatehouse.enrollment.config.Home;
import io.gatehouse.enrollment.config.PublicTls;
import io.gatehouse.enrollment.config.ServiceConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** HiveMQ's own {@code conf/config.xml}: nobody is let past TLS without a certificate of the devices CA. */
final class HivemqConfig {
    /** Forward secrecy and authenticated encryption only; the server's key is ECDSA. */
    static final List<String> CIPHER_SUITES = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256");

    /** The same with RSA, which a certificate of another CA may have. */
    private static final List<String> RSA_SUITES = List.of(
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private static final String OWN_STORE = ListenerStores.KEYS;
    private static final String PUBLIC_STORE = "public.p12";

    /** A device's message is small; HiveMQ's own limit of 256 MiB would let one client fill the heap. */
    private static final int MAX_PACKET_BYTES = 1024 * 1024;

    /** What an older client asks for with "clean session 0" would otherwise be kept for ever. */
    private static final Duration LONGEST_SESSION = Duration.ofDays(7);

    private HivemqConfig() {}

    static String xml(ServiceConfig config, String storePassword) {
        OptionalInt publicPort = config.publicTls().map(PublicTls::mqttPort).orElseGet(OptionalInt::empty);
        String publicMqtt = publicPort.isPresent()
                ? listener(
                        "tls-tcp-listener",
                        "mqtt-public",
                        publicPort.getAsInt(),
                        config.bind(),
                        "",
                        storePassword,
                        PUBLIC_STORE)
                : "";
        String wss = config.wssPort().isPresent()
                ? listener(
                        "tls-websocket-listener",
                        "wss",
                        config.wssPort().getAsInt(),
                        config.bind(),
                        "<path>/mqtt</path>\n            <subprotocols><subprotocol>mqtt</subprotocol></subprotocols>",
                        storePassword,
                        OWN_STORE)
                : "";
        return """
                <?xml version="1.0" encoding="UTF-8"?>
                <!-- Written by gatehouse at each start from gatehouse.toml; changes made here do not last. -->
                <hivemq>
                    <listeners>
                %s%s%s    </listeners>
                    <mqtt>
                        <packets><max-packet-size>%d</max-packet-size></packets>
                        <session-expiry><max-interval>%d</max-interval></session-expiry>
                    </mqtt>
                    <security>
                        <allow-empty-client-id><enabled>false</enabled></allow-empty-client-id>
                    </security>
                    <anonymous-usage-statistics><enabled>false</enabled></anonymous-usage-statistics>
                    <persistence><mode>file</mode></persistence>
                </hivemq>
                """.formatted(
                listener("tls-tcp-listener", "mqtt", config.mqttPort(), config.bind(), "", storePassword, OWN_STORE),
                wss,
                publicMqtt,
                MAX_PACKET_BYTES,
                LONGEST_SESSION.toSeconds());
    }

    private static String listener(
            String element, String name, int port, String bind, String more, String storePassword, String store) {
        Stream<String> offered = store.equals(PUBLIC_STORE)
                ? Stream.concat(CIPHER_SUITES.stream(), RSA_SUITES.stream())
                : CIPHER_SUITES.stream();
        String suites = offered.map(suite -> "<cipher-suite>" + suite + "</cipher-suite>")
                .collect(Collectors.joining("\n                    "));
        return """
                        <%1$s>
                            <port>%2$d</port>
                            <bind-address>%3$s</bind-address>
                            <name>%4$s</name>
                            %5$s
                            <tls>
                                <protocols><protocol>TLSv1.3</protocol><protocol>TLSv1.2</protocol></protocols>
                                <cipher-suites>
                                    %6$s
                                </cipher-suites>
                                <keystore>
                                    <path>conf/gatehouse/%8$s</path>
                                    <password>%7$s</password>
                                    <private-key-password>%7$s</private-key-password>
                                </keystore>
                                <truststore>
                                    <path>conf/gatehouse/truststore.p12</path>
                                    <password>%7$s</password>
                                </truststore>
                                <client-authentication-mode>REQUIRED</client-authentication-mode>
                            </tls>
                        </%1$s>
                """.formatted(element, port, bind, name, more, suites, storePassword, store);
    }

    /** What our extension reads in {@code conf/gatehouse/config.xml}. */
    static String extensionXml(ServiceConfig config, Home home, String broker) {
        String publicPair = config.publicTls()
                .map(tls -> "    <public-certificate>" + escaped(tls.certificate(home)) + "</public-certificate>\n"
                        + "    <public-certificate-key>" + escaped(tls.key(home)) + "</public-certificate-key>\n")
                .orElse("");
        return extensionXml(
                "Written by gatehouse at each start from gatehouse.toml; changes made here do not last.",
                broker,
                config.trustDomain(),
                List.of(config.localEnrollUrl()),
                config.maxStale(),
                publicPair);
    }

    /** @param more further elements, each with its indentation and line feed */
    static String extensionXml(
            String comment, String broker, String trustDomain, List<URI> services, Duration maxStale, String more) {
        String addresses = services.stream()
                .map(service -> "    <service>" + service + "</service>\n")
                .collect(Collectors.joining());
        return """
                <?xml version="1.0" encoding="UTF-8"?>
                <!-- %s -->
                <gatehouse>
                    <broker>%s</broker>
                    <trust-domain>%s</trust-domain>
                %s    <max-stale>%s</max-stale>
                %s</gatehouse>
                """.formatted(comment, broker, trustDomain, addresses, maxStale, more);
    }

    /** A listener for devices on every address, for {@code <listeners>} of a configuration that somebody else keeps. */
    static String deviceListener(int port, String storePassword) {
        return listener("tls-tcp-listener", "mqtt", port, "0.0.0.0", "", storePassword, OWN_STORE);
    }

    private static String escaped(Path path) {
        return path.toString().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /** HiveMQ's log in its {@code log} folder, bounded; errors also on standard output. */
    static String logbackXml() {
        return """
                <?xml version="1.0" encoding="UTF-8"?>
                <configuration scan="true" scanPeriod="60 seconds">
                    <appender name="FILE" class="ch.qos.logback.core.rolling.RollingFileAppender">
                        <file>${hivemq.log.folder}/hivemq.log</file>
                        <rollingPolicy class="ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy">
                            <fileNamePattern>${hivemq.log.folder}/hivemq.%d{yyyy-MM-dd}.%i.log</fileNamePattern>
                            <maxFileSize>20MB</maxFileSize>
                            <maxHistory>30</maxHistory>
                            <totalSizeCap>200MB</totalSizeCap>
                        </rollingPolicy>
                        <encoder><pattern>%d{"yyyy-MM-dd'T'HH:mm:ss.SSSXXX", UTC} %-5level %logger{0} - %msg%n%ex</pattern></encoder>
                    </appender>
                    <appender name="CONSOLE" class="ch.qos.logback.core.ConsoleAppender">
                        <filter class="ch.qos.logback.classic.filter.ThresholdFilter"><level>ERROR</level></filter>
                        <encoder><pattern>%d{"yyyy-MM-dd'T'HH:mm:ss.SSSXXX", UTC} %-5level %logger{0} - %msg%n%ex</pattern></encoder>
                    </appender>
                    <logger name="jetbrains.exodus" level="WARN"/>
                    <logger name="com.google.common.util.concurrent.Futures.CombinedFuture" level="OFF"/>
                    <logger name="oshi" level="ERROR"/>
                    <root level="INFO">
                        <appender-ref ref="FILE"/>
                        <appender-ref ref="CONSOLE"/>
                    </root>
                </configuration>
                """;
    }
}
