package io.gatehouse.gateway.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.gatehouse.enrollment.ca.AuthorityName;
import io.gatehouse.enrollment.ca.Hierarchies;
import io.gatehouse.enrollment.config.ConfigFile;
import io.gatehouse.enrollment.config.Home;
import io.gatehouse.enrollment.config.ServiceConfig;
import io.gatehouse.enrollment.config.Setting;
import io.gatehouse.enrollment.config.Settings;
import io.gatehouse.enrollment.store.SqliteRegistry;
import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.MutableClock;
import io.gatehouse.testkit.TestAuthority;
import io.gatehouse.x509.Certificates;
import io.gatehouse.x509.Pem;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerHomeTest {
    @TempDir
    Path directory;

    private final MutableClock clock = MutableClock.at(Instant.parse("2026-11-23T12:00:00Z"));
    private Home home;
    private Stage stage;

    @BeforeEach
    void stage() throws IOException {
        home = new Home(directory.resolve("home"));
        stage = new Stage(directory.resolve("stage"));
        Files.createDirectories(stage.extensionZip().getParent());
        zip("gatehouse/hivemq-extension.xml", "one");
    }

    @Test
    void the_brokers_own_schema_accepts_its_configuration() throws Exception {
        for (Map<Setting<?>, String> options : List.of(
                Map.<Setting<?>, String>of(),
                Map.<Setting<?>, String>of(Settings.WSS_PORT, "0", Settings.BIND, "::"))) {
            ServiceConfig config = ConfigFile.open(home, options);
            String xml = HivemqConfig.xml(config, "p".repeat(32));
            assertThatCode(() -> schema().newValidator().validate(new StreamSource(new StringReader(xml))))
                    .as(xml)
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void every_listener_demands_a_certificate_and_offers_only_safe_suites() {
        ServiceConfig config = ConfigFile.open(home, Map.of(Settings.WSS_PORT, "0"));
        String xml = HivemqConfig.xml(config, "p".repeat(32));

        int listeners = Pattern.compile("</tls-(tcp|websocket)-listener>")
                .matcher(xml)
                .results()
                .toList()
                .size();
        assertThat(listeners).isEqualTo(2);
        assertThat(xml.split("<client-authentication-mode>REQUIRED</client-authentication-mode>", -1))
                .hasSize(listeners + 1);
        assertThat(xml.split("<truststore>", -1)).hasSize(listeners + 1);
        assertThat(xml).doesNotContain("<tcp-listener>").doesNotContain("<websocket-listener>");
        assertThat(xml).doesNotContain("TLS_RSA").doesNotContain("CBC").doesNotContain("TLSv1.1");
        assertThat(xml.replaceAll("\\s", ""))
                .contains("<allow-empty-client-id><enabled>false</enabled>")
                .contains("<anonymous-usage-statistics><enabled>false</enabled>");
    }

    @Test
    void a_certificate_of_another_ca_gets_a_door_of_its_own() throws Exception {
        HeldCertificate held = TestAuthority.root("Public root")
                .server(order -> order.noNames().host("www.example.com"));
        ConfigFile.open(home, Map.of());
        Files.writeString(home.root().resolve("chain.pem"), Pem.write(held.chain()));
        OwnerOnly.write(home.root().resolve("key.pem"), Pem.write(held.privateKey()));
        Files.writeString(
                home.configFile(),
                Files.readString(home.configFile())
                        + "\npublic-certificate = \"chain.pem\"\npublic-certificate-key = \"key.pem\"\npublic-mqtt-port = 0\n");
        ServiceConfig config = ConfigFile.open(home, Map.of());
        int port = config.publicTls().orElseThrow().mqttPort().orElseThrow();
        assertThat(port)
                .as("a free one, kept")
                .isPositive()
                .isEqualTo(ConfigFile.load(home)
                        .publicTls()
                        .orElseThrow()
                        .mqttPort()
                        .orElseThrow());
        prepared(config);

        String xml = Files.readString(home.broker().resolve("conf/config.xml"));
        assertThatCode(() -> schema().newValidator().validate(new StreamSource(new StringReader(xml))))
                .doesNotThrowAnyException();
        assertThat(xml.split("<client-authentication-mode>REQUIRED</client-authentication-mode>", -1))
                .hasSize(3);
        assertThat(xml.replaceAll("\\s", ""))
                .contains("<port>" + port + "</port>")
                .contains("conf/gatehouse/public.p12");
        assertThat(store("public.p12").getCertificateChain("server")[0]).isEqualTo(held.certificate());
        assertThat(Files.readString(home.brokerConf().resolve("config.xml")))
                .contains("<public-certificate>" + home.root().resolve("chain.pem") + "<");
    }

    @Test
    void its_files_are_the_owners_alone_and_hold_what_the_broker_needs() throws Exception {
        ServiceConfig config = ConfigFile.open(home, Map.of());
        Hierarchies hierarchies = prepared(config);

        try (Stream<Path> files = Files.walk(home.broker().resolve("conf"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!file.endsWith("trust.pem")) {
                    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .as(file.toString())
                            .isEqualTo("rw-------");
                }
            }
        }
        KeyStore trusted = store("truststore.p12");
        assertThat(trusted.size()).isOne();
        assertThat(trusted.getCertificate("devices-0")).isEqualTo(hierarchies.certificate(AuthorityName.DEVICES));
        List<X509Certificate> chain =
                Pem.certificates(Files.readString(home.brokerConf().resolve("server.pem")));
        assertThat(store("keystore.p12").getCertificateChain("server"))
                .containsExactly(chain.toArray(X509Certificate[]::new));
        assertThat(Certificates.uris(chain.get(0))).containsExactly("spiffe://gatehouse.internal/broker/b1");
        X509Certificate feed = Pem.certificates(
                        Files.readString(home.brokerConf().resolve("feed.pem")))
                .get(0);
        assertThat(feed.getPublicKey()).isNotEqualTo(chain.get(0).getPublicKey());
        assertThat(feed.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
    }

    @Test
    void identities_are_kept_while_they_are_fresh_and_made_anew_past_half_of_their_life() throws Exception {
        ServiceConfig config = ConfigFile.open(home, Map.of());
        Hierarchies hierarchies = prepared(config);
        String feed = Files.readString(home.brokerConf().resolve("feed.pem"));
        String server = Files.readString(home.brokerConf().resolve("server.pem"));

        clock.advance(Duration.ofDays(3));
        prepare(config, hierarchies);
        assertThat(home.brokerConf().resolve("feed.pem")).hasContent(feed);
        assertThat(home.brokerConf().resolve("server.pem")).hasContent(server);

        clock.advance(Duration.ofDays(1));
        prepare(config, hierarchies);
        assertThat(Files.readString(home.brokerConf().resolve("feed.pem"))).isNotEqualTo(feed);
        assertThat(Files.readString(home.brokerConf().resolve("server.pem"))).isNotEqualTo(server);
    }

    /** The runbook "A broker's machine is stolen" says so. */
    @Test
    void with_its_files_feed_and_server_gone_nothing_of_the_old_identities_is_used_again() throws Exception {
        ServiceConfig config = ConfigFile.open(home, Map.of());
        Hierarchies hierarchies = prepared(config);
        List<PublicKey> stolen = identities();
        for (String file : List.of("feed.key", "feed.pem", "server.key", "server.pem")) {
            Files.delete(home.brokerConf().resolve(file));
        }

        prepare(config, hierarchies);
        assertThat(identities()).hasSize(3).doesNotContainAnyElementsOf(stolen);
    }

    /** The public keys of both files, and the one that HiveMQ serves with. */
    private List<PublicKey> identities() throws Exception {
        List<PublicKey> keys = new ArrayList<>();
        for (String file : List.of("feed.pem", "server.pem")) {
            keys.add(Pem.certificates(Files.readString(home.brokerConf().resolve(file)))
                    .get(0)
                    .getPublicKey());
        }
        KeyStore served = store("keystore.p12");
        keys.add(served.getCertificate(served.aliases().nextElement()).getPublicKey());
        return keys;
    }

    @Test
    void a_new_public_name_gets_into_the_brokers_certificate_at_the_next_start() throws Exception {
        Hierarchies hierarchies = prepared(ConfigFile.open(home, Map.of()));
        prepare(ConfigFile.open(home, Map.of(Settings.HOSTS, "gate.example")), hierarchies);

        X509Certificate server = Pem.certificates(
                        Files.readString(home.brokerConf().resolve("server.pem")))
                .get(0);
        assertThat(server.getSubjectAlternativeNames().toString())
                .contains("gate.example")
                .contains("127.0.0.1");
    }

    @Test
    void identities_of_a_time_to_come_are_made_anew_at_the_next_start() throws Exception {
        ServiceConfig config = ConfigFile.open(home, Map.of());
        Hierarchies hierarchies = prepared(config);
        clock.advance(Duration.ofDays(5));
        prepare(config, hierarchies);

        clock.advance(Duration.ofDays(-5));
        prepare(config, hierarchies);

        for (String name : List.of("feed.pem", "server.pem")) {
            X509Certificate certificate = Pem.certificates(
                            Files.readString(home.brokerConf().resolve(name)))
                    .get(0);
            assertThat(certificate.getNotBefore().toInstant()).as(name).isBefore(clock.instant());
        }
    }

    @Test
    void stores_that_the_password_does_not_open_are_written_anew() throws Exception {
        ServiceConfig config = ConfigFile.open(home, Map.of());
        Hierarchies hierarchies = prepared(config);
        Files.delete(home.broker().resolve("conf/config.xml"));

        prepare(config, hierarchies);
        assertThat(store("keystore.p12").size()).isOne();
    }

    @Test
    void a_newer_extension_replaces_the_folder_and_a_mark_that_disabled_the_old_one() throws IOException {
        ServiceConfig config = ConfigFile.open(home, Map.of());
        BrokerHome broker = new BrokerHome(home, config, stage);
        broker.prepare(InstantSource.system());
        Path folder = home.broker().resolve("extensions/gatehouse");
        assertThat(folder.resolve("hivemq-extension.xml")).hasContent("one");
        Files.createFile(folder.resolve("DISABLED"));
        Path replica = home.brokerData().resolve("replica");
        Files.writeString(replica, "kept");

        zip("gatehouse/hivemq-extension.xml", "two");
        broker.prepare(InstantSource.system());
        assertThat(folder.resolve("hivemq-extension.xml")).hasContent("two");
        assertThat(folder.resolve("DISABLED")).doesNotExist();
        assertThat(replica).hasContent("kept");
    }

    @Test
    void a_zip_that_leaves_its_folder_is_refused() throws IOException {
        zip("../outside", "evil");
        BrokerHome broker = new BrokerHome(home, ConfigFile.open(home, Map.of()), stage);
        assertThatCode(() -> broker.prepare(InstantSource.system())).hasMessageContaining("cannot prepare");
        assertThat(home.broker().resolve("outside")).doesNotExist();
    }

    @Test
    void newer_java_gets_the_flags_that_it_needs_and_older_java_does_not() {
        ServiceConfig config = ConfigFile.open(home, Map.of());
        assertThat(new JavaCommands(stage, 17).broker(home, config))
                .noneMatch(word -> word.startsWith("--enable-native") || word.startsWith("--sun-misc"));
        assertThat(new JavaCommands(stage, 25).broker(home, config))
                .contains("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");
    }

    @Test
    void a_small_heap_of_the_broker_is_collected_in_pauses_and_a_large_one_is_not() {
        var commands = new JavaCommands(stage, 17);
        assertThat(commands.broker(home, ConfigFile.open(home, Map.of()))).contains("-XX:+UseParallelGC");
        assertThat(commands.broker(home, ConfigFile.open(home, Map.of(Settings.BROKER_HEAP, "4096"))))
                .contains("-Xmx4096m")
                .noneMatch(word -> word.endsWith("GC"));
    }

    @Test
    void the_fast_providers_stand_before_those_of_this_jdk() {
        List<String> lines = FastCrypto.securityProperties().lines().skip(1).toList();
        assertThat(lines.get(0)).isEqualTo("security.provider.1=AmazonCorrettoCryptoProvider");
        assertThat(lines.get(1)).isEqualTo("security.provider.2=io.gatehouse.x25519.ConscryptX25519");
        assertThat(lines.get(2)).isEqualTo("security.provider.3=SUN");
        assertThat(lines).anyMatch(line -> line.endsWith("=SunJSSE")).doesNotHaveDuplicates();
    }

    private Hierarchies prepared(ServiceConfig config) throws IOException {
        SqliteRegistry.open(home.create().database(), clock).close();
        Hierarchies hierarchies = Hierarchies.inMemory(config, clock);
        Files.writeString(home.trustPem(), Pem.write(hierarchies.certificate(AuthorityName.SERVICES_ROOT)));
        prepare(config, hierarchies);
        return hierarchies;
    }

    private void prepare(ServiceConfig config, Hierarchies hierarchies) {
        BrokerHome broker = new BrokerHome(home, config, stage);
        broker.prepare(InstantSource.system());
        new NodeIdentity(home, config, clock).ensure(() -> hierarchies, broker);
    }

    private KeyStore store(String name) throws Exception {
        String xml = Files.readString(home.broker().resolve("conf/config.xml"));
        var password = Pattern.compile("<password>([^<]+)</password>").matcher(xml);
        assertThat(password.find()).isTrue();
        return KeyStore.getInstance(
                home.brokerConf().resolve(name).toFile(), password.group(1).toCharArray());
    }

    private void zip(String entry, String content) throws IOException {
        try (OutputStream file = Files.newOutputStream(stage.extensionZip());
                ZipOutputStream zip = new ZipOutputStream(file)) {
            zip.putNextEntry(new ZipEntry(entry));
            zip.write(content.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            zip.closeEntry();
        }
    }

    private static Schema schema() throws Exception {
        Path lib = Path.of(System.getProperty("gatehouse.hivemq.lib"));
        Path jar;
        try (Stream<Path> jars = Files.list(lib)) {
            jar = jars.filter(file -> file.getFileName().toString().startsWith("hivemq-community-edition"))
                    .findFirst()
                    .orElseThrow();
        }
        try (JarFile file = new JarFile(jar.toFile());
                var in = file.getInputStream(file.getEntry("config.xsd"))) {
            return SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI).newSchema(new StreamSource(in));
        }
    }
}
