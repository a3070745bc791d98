package io.gatehouse.enrollment.wiring;

import io.gatehouse.enrollment.config.ConfigException;
import io.gatehouse.enrollment.config.Home;
import io.gatehouse.enrollment.config.PublicTls;
import io.gatehouse.enrollment.config.Settings;
import io.gatehouse.enrollment.keys.ServerIdentity;
import io.gatehouse.enrollment.status.CaFacts;
import io.gatehouse.x509.tls.ServerPem;
import io.gatehouse.x509.tls.ServerPemException;
import io.gatehouse.x509.tls.ServerPemFiles;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate of another CA, and who sees it: who asks for a name that it holds and that is not one of our own. So devices and
 * brokers, which insist on our root and the role, go on seeing our certificate under the names that they know. Thread-safe.
 */
final class PublicIdentity {
    private static final Logger LOG = LoggerFactory.getLogger(PublicIdentity.class);

    private final ServerPemFiles files;
    private final List<String> ownNames;
    private final InstantSource clock;
    private volatile Optional<String> told = Optional.empty();

    private PublicIdentity(ServerPemFiles files, List<String> ownNames, InstantSource clock) {
        this.files = files;
        this.ownNames = ownNames;
        this.clock = clock;
    }

    /** Throws {@link ConfigException} when the files are not in order, or when nobody would ever see the certificate. */
    static PublicIdentity open(PublicTls tls, Home home, List<String> ownNames, InstantSource clock) {
        var config = home.configFile().toString();
        try {
            var files = ServerPemFiles.open(tls.certificate(home), tls.key(home), clock);
            var names = files.current().names();
            if (ownNames.stream().map(PublicIdentity::lower).toList().containsAll(names)) {
                throw new ConfigException(
                        config,
                        Settings.PUBLIC_CERTIFICATE.key(),
                        String.join(", ", names),
                        "a certificate with a name that is not in host: names in host always show our own");
            }
            return new PublicIdentity(files, ownNames, clock);
        } catch (ServerPemException e) {
            var key = e.file().equals(tls.key(home).toString())
                    ? Settings.PUBLIC_CERTIFICATE_KEY.key()
                    : Settings.PUBLIC_CERTIFICATE.key();
            throw new ConfigException(config + ": " + key, "", "", e.file() + " " + e.wrong());
        }
    }

    /** What a client sees that asks for this name, when that is not our own. */
    Optional<ServerIdentity> of(String name) {
        var current = files.current();
        boolean ours = ownNames.stream().anyMatch(name::equalsIgnoreCase);
        return ours || !current.names(name)
                ? Optional.empty()
                : Optional.of(new ServerIdentity(current.key(), current.chain()));
    }

    /** Looks whether the files have changed. */
    void look() {
        if (files.look()) {
            LOG.info(
                    "the public certificate is read anew, until {}",
                    files.current().until());
        }
        var problem = files.problem();
        if (!problem.equals(told)) {
            problem.ifPresentOrElse(
                    line -> LOG.error("public certificate: {}", line),
                    () -> LOG.info("the public certificate's files are in order again"));
            told = problem;
        }
    }

    CaFacts.PublicCertificate facts() {
        ServerPem current = files.current();
        return new CaFacts.PublicCertificate(
                current.names(), current.until(), current.endsSoon(clock.instant()), files.problem());
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
