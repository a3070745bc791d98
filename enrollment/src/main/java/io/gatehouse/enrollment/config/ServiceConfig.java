package io.gatehouse.enrollment.config;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The validated configuration of an installation. Made by {@link ConfigFile}; its ports are real ones, different from each other,
 * never 0. Immutable and thread-safe.
 *
 * @param hosts public names and addresses, lower case, at least one; the first is the one that certificates and commands name
 * @param bind address literal on which enroll, pki, mqtt and wss listen
 * @param adminBind address literal on which the admin port listens
 * @param maxStale how long the broker may admit without hearing from the service
 * @param serviceHeapMegabytes upper bound of the service's Java heap
 * @param brokerHeapMegabytes upper bound of the broker's Java heap
 * @param checkpoints of the audit
 * @param publicTls a certificate of another CA, shown beside our own
 */
public record ServiceConfig(
        List<String> hosts,
        String bind,
        String trustDomain,
        int enrollPort,
        int adminPort,
        String adminBind,
        int pkiPort,
        int mqttPort,
        OptionalInt wssPort,
        Duration maxStale,
        int serviceHeapMegabytes,
        int brokerHeapMegabytes,
        Checkpointing checkpoints,
        Optional<PublicTls> publicTls) {

    public ServiceConfig {
        hosts = List.copyOf(hosts);
    }

    /** Without a certificate of another CA. */
    public ServiceConfig(
            List<String> hosts,
            String bind,
            String trustDomain,
            int enrollPort,
            int adminPort,
            String adminBind,
            int pkiPort,
            int mqttPort,
            OptionalInt wssPort,
            Duration maxStale,
            int serviceHeapMegabytes,
            int brokerHeapMegabytes,
            Checkpointing checkpoints) {
        this(
                hosts,
                bind,
                trustDomain,
                enrollPort,
                adminPort,
                adminBind,
                pkiPort,
                mqttPort,
                wssPort,
                maxStale,
                serviceHeapMegabytes,
                brokerHeapMegabytes,
                checkpoints,
                Optional.empty());
    }

    /** The configuration of an untouched file, for tests and as a base to vary. */
    public static ServiceConfig defaults() {
        return RawConfig.empty("defaults").validated();
    }

    /** The name that goes into certificates and commands. */
    public String publicHost() {
        return hosts.get(0);
    }

    /** Where devices enroll, by the public name. */
    public URI enrollUrl() {
        return URI.create("https://" + authority(publicHost(), enrollPort));
    }

    /** Where revocation lists and CA certificates are, by the public name. */
    public URI pkiUrl() {
        return URI.create("http://" + authority(publicHost(), pkiPort));
    }

    /** The broker's address for devices, by the public name. */
    public URI brokerUrl() {
        return URI.create("mqtts://" + authority(publicHost(), mqttPort));
    }

    /**
     * The names that the server certificates of service and broker carry: the public ones, and those under which the parts and the
     * admin verbs on this machine reach each other.
     */
    public List<String> certificateNames() {
        Set<String> names = new LinkedHashSet<>(hosts);
        names.addAll(List.of("localhost", "127.0.0.1", reachable(bind), reachable(adminBind)));
        return List.copyOf(names);
    }

    /** Where the enroll port is for callers on this machine. */
    public URI localEnrollUrl() {
        return URI.create("https://" + authority(reachable(bind), enrollPort));
    }

    /** Where the admin port is for callers on this machine. */
    public URI localAdminUrl() {
        return localAdminUrl(adminPort);
    }

    /** As {@link #localAdminUrl()}, for a service that was started with another port. */
    public URI localAdminUrl(int port) {
        return URI.create("https://" + authority(reachable(adminBind), port));
    }

    /** The address literal at which callers on this machine reach enroll, pki and mqtt. */
    public String localAddress() {
        return reachable(bind);
    }

    /** The address literal at which callers on this machine reach the admin port. */
    public String localAdminAddress() {
        return reachable(adminBind);
    }

    private static String reachable(String bind) {
        return switch (bind) {
            case "0.0.0.0" -> "127.0.0.1";
            case "::" -> "::1";
            default -> bind;
        };
    }

    /** {@code host:port}, with the brackets that an IPv6 address needs. */
    public static String authority(String host, int port) {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    /** The ports in use, in the order of the file. */
    List<Integer> ports() {
        List<Integer> ports = new ArrayList<>(List.of(enrollPort, adminPort, pkiPort, mqttPort));
        wssPort.ifPresent(ports::add);
        publicTls.ifPresent(tls -> tls.mqttPort().ifPresent(ports::add));
        return ports;
    }

    boolean portsDiffer() {
        Set<Integer> seen = new HashSet<>();
        return ports().stream().filter(port -> port != 0).allMatch(seen::add);
    }
}
