package io.gatehouse.gateway.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatehouse.enrollment.config.ConfigException;
import io.gatehouse.enrollment.config.ConfigFile;
import io.gatehouse.enrollment.config.Home;
import io.gatehouse.enrollment.config.ServiceConfig;
import io.gatehouse.x509.Pem;
import io.gatehouse.x509.TrustDomain;
import io.gatehouse.x509.der.MalformedException;
import io.gatehouse.x509.tls.ServerRole;
import io.gatehouse.x509.tls.ServiceTrust;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/**
 * Which service to speak to, as whom, and whom to believe. Immutable.
 *
 * @param url the admin port, without a path
 * @param token the bearer token; a secret
 * @param tls believes the services root and the role in the server's certificate
 */
public record AdminTarget(URI url, String token, SSLContext tls) {
    private static final String URL = "GATEHOUSE_URL";
    private static final String TOKEN = "GATEHOUSE_TOKEN";
    private static final String CA = "GATEHOUSE_CA";
    private static final Pattern TOKEN_FORM = Pattern.compile("[!-~]+");

    /** The service that the environment names, else the one of this home. */
    public static AdminTarget find(Map<String, String> environment, Home home, InstantSource clock) {
        return environment.containsKey(URL) ? named(environment, clock) : local(home, clock);
    }

    /** The service of a home on this machine, with the token of its present start. */
    public static AdminTarget local(Home home, InstantSource clock) {
        if (!Files.exists(home.configFile())) {
            throw new ServiceUnreachable(
                    "there is no gatehouse in " + home + ": `gatehouse up --home " + home + "` makes and starts one");
        }
        ServiceConfig config = ConfigFile.load(home);
        URI url = runningPort(home).map(config::localAdminUrl).orElse(config.localAdminUrl());
        String token = readLine(home.adminToken())
                .orElseThrow(() -> new ServiceUnreachable(
                        "no service runs in " + home + ": `gatehouse up --home " + home + "` starts it"));
        ServerRole role = ServerRole.enrollmentService(TrustDomain.of(config.trustDomain()));
        return new AdminTarget(url, token, trust(home.trustPem().toString(), home.trustPem(), role, clock));
    }

    private static AdminTarget named(Map<String, String> environment, InstantSource clock) {
        String url = environment.getOrDefault(URL, "");
        String token = environment.getOrDefault(TOKEN, "");
        String ca = environment.getOrDefault(CA, "");
        if (!TOKEN_FORM.matcher(token.strip()).matches()) {
            throw new ConfigException(
                    "environment", TOKEN, "", "must hold a token, one word of ASCII, when " + URL + " is set");
        }
        if (ca.isBlank()) {
            throw new ConfigException(
                    "environment", CA, "", "must name the trust file (trust.pem) when " + URL + " is set");
        }
        return new AdminTarget(
                address(url), token.strip(), trust(CA, Path.of(ca), ServerRole.anyEnrollmentService(), clock));
    }

    private static URI address(String text) {
        try {
            URI url = URI.create(text.strip().replaceAll("/+$", ""));
            if ("https".equals(url.getScheme())
                    && url.getHost() != null
                    && url.getRawPath().isEmpty()) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            // Told below, as every other text that is no such address.
        }
        throw new ConfigException("environment", URL, text, "https://HOST:PORT");
    }

    private static Optional<Integer> runningPort(Home home) {
        try {
            JsonNode ports = new ObjectMapper().readTree(home.portsJson().toFile());
            return ports.path("admin").isInt() ? Optional.of(ports.path("admin").intValue()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // not ready, or not under `up`: the configuration says the same port
        }
    }

    private static Optional<String> readLine(Path file) {
        try {
            return Files.readString(file).lines().findFirst().filter(line -> !line.isBlank());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static SSLContext trust(String what, Path file, ServerRole role, InstantSource clock) {
        try {
            List<X509Certificate> anchors = Pem.certificates(Files.readString(file));
            return ServiceTrust.of(anchors, role, clock).sslContext();
        } catch (IOException | MalformedException | IllegalArgumentException e) {
            throw new ConfigException(what, "", file.toString(), "a readable file of PEM certificates");
        }
    }

    @Override
    public String toString() {
        return url.toString();
    }
}
