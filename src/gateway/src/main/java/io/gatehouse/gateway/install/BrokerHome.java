package io.gatehouse.gateway.install;

import io.gatehouse.enrollment.config.ConfigException;
import io.gatehouse.enrollment.config.Home;
import io.gatehouse.enrollment.config.PublicTls;
import io.gatehouse.enrollment.config.ServiceConfig;
import io.gatehouse.identity.BrokerName;
import io.gatehouse.x509.tls.ServerPem;
import io.gatehouse.x509.tls.ServerPemException;
import io.gatehouse.x509.tls.ServerPemFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The HiveMQ home of this machine's broker: configuration, stores, our extension. What HiveMQ and the extension keep there ({@code
 * data}, {@code log}, renewed identities) is left alone.
 */
public final class BrokerHome {
    /** The broker that {@code init} registers. */
    public static final BrokerName FIRST = BrokerName.of("b1");

    private static final Pattern PASSWORD = Pattern.compile("<password>([A-Za-z0-9_-]{20,})</password>");

    private final Home home;
    private final ServiceConfig config;
    private final Stage stage;

    public BrokerHome(Home home, ServiceConfig config, Stage stage) {
        this.home = home;
        this.config = config;
        this.stage = stage;
    }

    /** Writes the configuration as {@code gatehouse.toml} now says, and unpacks the extension that belongs to this program. */
    public void prepare(InstantSource clock) {
        try {
            for (String folder : List.of("conf", "data", "extensions", "log")) {
                Files.createDirectories(home.broker().resolve(folder));
            }
            Files.createDirectories(home.brokerConf());
            Files.createDirectories(home.brokerData());
            OwnerOnly.write(configXml(), HivemqConfig.xml(config, password()));
            OwnerOnly.write(
                    home.brokerConf().resolve("config.xml"), HivemqConfig.extensionXml(config, home, FIRST.toString()));
            if (config.publicTls().filter(tls -> tls.mqttPort().isPresent()).isPresent()) {
                writePublicStore(config.publicTls().orElseThrow(), clock);
            }
            OwnerOnly.write(conf("logback.xml"), HivemqConfig.logbackXml());
            OwnerOnly.write(securityProperties(), FastCrypto.securityProperties());
            Extension.install(stage.extensionZip(), home.broker().resolve("extensions"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot prepare the broker's home " + home.broker(), e);
        }
    }

    /** Writes the stores that HiveMQ's listener reads. */
    public void writeStores(PrivateKey key, List<X509Certificate> chain, List<X509Certificate> devicesCas) {
        try {
            char[] password = password().toCharArray();
            OwnerOnly.write(
                    home.brokerConf().resolve(ListenerStores.KEYS),
                    ListenerStores.keys(key, chain, password, password));
            OwnerOnly.write(
                    home.brokerConf().resolve(ListenerStores.TRUST), ListenerStores.trust(devicesCas, password));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the broker's stores", e);
        }
    }

    /** For the start; the extension follows the files from then on. Throws {@link ConfigException} when they are not in order. */
    private void writePublicStore(PublicTls tls, InstantSource clock) throws IOException {
        try {
            ServerPem pem = ServerPemFiles.open(tls.certificate(home), tls.key(home), clock)
                    .current();
            char[] password = password().toCharArray();
            OwnerOnly.write(
                    home.brokerConf().resolve("public.p12"),
                    ListenerStores.keys(pem.key(), pem.chain(), password, password));
        } catch (ServerPemException e) {
            throw new ConfigException(home.configFile() + ": public-certificate", "", "", e.file() + " " + e.wrong());
        }
    }

    /** Whether the stores are there and the configuration's password opens them. */
    boolean storesOpen() {
        try {
            char[] password = password().toCharArray();
            KeyStore.getInstance(home.brokerConf().resolve(ListenerStores.KEYS).toFile(), password);
            KeyStore.getInstance(home.brokerConf().resolve(ListenerStores.TRUST).toFile(), password);
            return true;
        } catch (IOException | GeneralSecurityException e) {
            return false; // they are written anew
        }
    }

    /** Whether a broker could start from this home: its identities and stores are there. */
    public boolean hasIdentity() {
        return Files.exists(home.brokerConf().resolve("feed.pem")) && storesOpen();
    }

    /** For {@code -Djava.security.properties} of the broker's JVM. */
    public Path securityProperties() {
        return conf("fast-crypto.security");
    }

    /** The stores' password: the one in HiveMQ's configuration, or a new one. It guards no more than that file does. */
    private String password() throws IOException {
        if (Files.exists(configXml())) {
            Matcher found = PASSWORD.matcher(Files.readString(configXml()));
            if (found.find()) {
                return found.group(1);
            }
        }
        return ListenerStores.newPassword();
    }

    private Path configXml() {
        return conf("config.xml");
    }

    private Path conf(String name) {
        return home.broker().resolve("conf").resolve(name);
    }
}
