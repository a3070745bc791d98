package io.gatehouse.enrollment.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.enrollment.api.OpenApi;
import io.gatehouse.enrollment.api.Problems;
import io.gatehouse.enrollment.ca.AuditKey;
import io.gatehouse.enrollment.ca.CertificateIssuer;
import io.gatehouse.enrollment.ca.DevicesCaFiles;
import io.gatehouse.enrollment.ca.Hierarchies;
import io.gatehouse.enrollment.config.Home;
import io.gatehouse.enrollment.config.ServiceConfig;
import io.gatehouse.enrollment.store.SqliteRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The description and the routes of the admin port say the same, in both directions. */
class OpenApiTest {
    private static final Pattern PATH = Pattern.compile("  (/\\S*):");
    private static final Pattern METHOD = Pattern.compile("    (get|post|put|patch|delete):");

    @TempDir
    private Path directory;

    @Test
    void describes_every_route_and_nothing_else() throws IOException {
        assertThat(described()).isEqualTo(offered()).hasSizeGreaterThan(25);
    }

    private static TreeSet<String> described() throws IOException {
        try (var in = OpenApi.class.getResourceAsStream("openapi.yaml")) {
            var found = new TreeSet<String>();
            var path = "";
            for (var line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                var asPath = PATH.matcher(line);
                var asMethod = METHOD.matcher(line);
                if (asPath.matches()) {
                    path = asPath.group(1);
                } else if (asMethod.matches()) {
                    found.add(asMethod.group(1).toUpperCase(java.util.Locale.ROOT) + " " + path);
                }
            }
            return found;
        }
    }

    private TreeSet<String> offered() {
        var clock = InstantSource.fixed(Instant.parse("2026-11-23T00:00:00Z"));
        var config = ServiceConfig.defaults();
        var hierarchies = Hierarchies.inMemory(config, clock);
        var issuer = new CertificateIssuer(hierarchies, config);
        var authorities = new DevicesCaFiles(hierarchies, new Home(directory));
        var found = new TreeSet<String>();
        try (var registry = SqliteRegistry.open(directory.resolve("gatehouse.db"), clock)) {
            var app = UseCases.over(registry, issuer, authorities, AuditKey.inMemory(), config, clock);
            new Doors(config, new Home(directory), app, issuer, null, clock)
                    .adminRoutes(new Problems(), clock.instant())
                    .all()
                    .forEach(route -> found.add(route.method() + " " + route.path()));
        }
        return found;
    }
}
