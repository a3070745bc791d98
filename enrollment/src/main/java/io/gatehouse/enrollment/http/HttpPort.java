package io.gatehouse.enrollment.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http.UriCompliance.Violation;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * One listening port with its own threads, so that a flood on one leaves the others answering. Started by {@link #open}, stopped
 * by {@link #close}: streams are ended, running requests get two seconds. Thread-safe.
 */
public final class HttpPort implements AutoCloseable {
    private static final int MILLIS_AFTER_PATIENCE = 2_000;
    private static final int MOST_HEAD_BYTES = 8 * 1024;
    private static final long MILLIS_FOR_THE_REST = 2_000;

    private static final UriCompliance SLASHES_IN_VALUES = UriCompliance.RFC3986.with(
            "SLASHES_IN_VALUES", Violation.AMBIGUOUS_PATH_SEPARATOR, Violation.AMBIGUOUS_EMPTY_SEGMENT);

    private final Server server;
    private final ServerConnector connector;
    private final Streams streams;

    private HttpPort(Server server, ServerConnector connector, Streams streams) {
        this.server = server;
        this.connector = connector;
        this.streams = streams;
    }

    /**
     * Listens. Throws UncheckedIOException when the address cannot be had.
     *
     * @param tls nothing for plain HTTP
     */
    public static HttpPort open(
            PortSettings settings, Optional<ServerTls> tls, Routes routes, RefusalForm form, Observer observer) {
        var pool = new QueuedThreadPool(settings.threads() + 4, 4, 30_000);
        pool.setName(settings.name());
        pool.setDaemon(true);
        var server = new Server(pool);
        var streams = new Streams(settings.name(), settings.streams());
        var waiting = new Patience(settings);
        var exchanges = new Exchanges(settings, routes, form, observer, streams, waiting);
        var http = new HttpConnectionFactory(configuration(settings, routes));
        var connector = tls.map(t -> new ServerConnector(server, 1, 1, secured(t, settings, http), http))
                .orElseGet(() -> new ServerConnector(server, 1, 1, http));
        connector.setName(settings.name());
        connector.setHost(settings.address().getHostString());
        connector.setPort(settings.address().getPort());
        connector.setIdleTimeout(idleMillis(settings));
        connector.setShutdownIdleTimeout(500);
        connector.setAcceptQueueSize(256);
        connector.addBean(waiting);
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(settings.connections(), connector));
        server.setHandler(new GracefulHandler(exchanges));
        server.setErrorHandler(new Misunderstood(settings.name(), form, observer));
        server.setStopTimeout(MILLIS_FOR_THE_REST);
        server.setStopAtShutdown(false);
        start(server, settings);
        return new HttpPort(server, connector, streams);
    }

    private static HttpConfiguration configuration(PortSettings settings, Routes routes) {
        var configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        configuration.setSendXPoweredBy(false);
        configuration.setRequestHeaderSize(MOST_HEAD_BYTES);
        configuration.setResponseHeaderSize(MOST_HEAD_BYTES);
        configuration.setHttpCompliance(HttpCompliance.RFC9110);
        // What a route takes as the rest of a path is no path any more, and Paths is as strict with all others as Jetty
        // is.
        configuration.setUriCompliance(routes.takeTheRest() ? SLASHES_IN_VALUES : UriCompliance.RFC3986);
        configuration.setIdleTimeout(idleMillis(settings));
        // The generator writes head and body together when the body fits: strongSwan reads an answer in two reads.
        configuration.setOutputBufferSize(32 * 1024);
        return configuration;
    }

    /** Clearly after our own patience: when both end in one moment, Jetty fails the 408 that is on its way. */
    private static long idleMillis(PortSettings settings) {
        return settings.patience().toMillis() + MILLIS_AFTER_PATIENCE;
    }

    private static SslConnectionFactory secured(ServerTls tls, PortSettings settings, HttpConnectionFactory http) {
        var factory = new SslContextFactory.Server();
        factory.setSslContext(tls.newContext());
        factory.setIncludeProtocols(ServerTls.PROTOCOLS);
        factory.setExcludeProtocols();
        factory.setIncludeCipherSuites(ServerTls.SUITES);
        factory.setExcludeCipherSuites();
        factory.setWantClientAuth(settings.askForCertificate());
        factory.setRenegotiationAllowed(false);
        factory.setEndpointIdentificationAlgorithm(null);
        var secured = new SslConnectionFactory(factory, http.getProtocol());
        // Jetty's customizer would compare the asked-for host with the certificate and answer 400 in HTML.
        secured.setEnsureSecureRequestCustomizer(false);
        return secured;
    }

    // AutoCloseable's and Jetty's own signatures throw Exception; what comes out of start is told with its address.
    private static void start(Server server, PortSettings settings) {
        try {
            server.start();
        } catch (Exception e) {
            stop(server);
            var cause = e instanceof IOException io ? io : new IOException(e);
            throw new UncheckedIOException(
                    "port " + settings.name() + " cannot listen on " + settings.address() + ": " + e.getMessage(),
                    cause);
        }
    }

    private static void stop(Server server) {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("a port did not stop cleanly", e);
        }
    }

    /** The port that was bound. */
    public int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() {
        streams.close();
        stop(server);
    }
}
