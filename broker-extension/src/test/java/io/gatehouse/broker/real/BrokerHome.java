package io.gatehouse.broker.real;

import io.gatehouse.testkit.FreePorts;
import io.gatehouse.testkit.PemText;
import io.gatehouse.testkit.TempHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.function.UnaryOperator;

/** A HiveMQ home as {@code gatehouse init} leaves it, which a test may then spoil. */
final class BrokerHome implements AutoCloseable {
    private final TempHome temporary = TempHome.create();
    final Path path = temporary.path();
    final Pki pki;
    final int port = FreePorts.take();

    private BrokerHome(Pki pki) {
        this.pki = pki;
    }

    /** Everything in place; the service at that address. */
    static BrokerHome ready(Pki pki, String service) throws IOException, GeneralSecurityException {
        var home = bare(pki);
        ExtensionFolder.install(home.extensions());
        Path conf = home.gatehouse();
        Files.writeString(conf.resolve("config.xml"), """
                <gatehouse>
                  <broker>b1</broker>
                  <trust-domain>gatehouse.internal</trust-domain>
                  <service>%s</service>
                </gatehouse>
                """.formatted(service));
        pki.feed.writeTo(conf, "feed");
        pki.server.writeTo(conf, "server");
        Files.writeString(conf.resolve("trust.pem"), PemText.certificates(List.of(pki.servicesRoot.certificate())));
        return home;
    }

    /** HiveMQ with a mutual TLS listener and no extension. */
    static BrokerHome bare(Pki pki) throws IOException, GeneralSecurityException {
        var home = new BrokerHome(pki);
        for (String folder : List.of("conf/gatehouse", "data", "log", "extensions")) {
            Files.createDirectories(home.path.resolve(folder));
        }
        Stores.key(home.gatehouse().resolve("keystore.p12"), pki.server);
        Stores.trust(home.gatehouse().resolve("truststore.p12"), List.of(pki.devicesCa.certificate()));
        home.hivemq(xml -> xml);
        return home;
    }

    /** Writes HiveMQ's configuration, with something changed. */
    void hivemq(UnaryOperator<String> change) throws IOException {
        Files.writeString(path.resolve("conf/config.xml"), change.apply("""
                <hivemq>
                  <listeners>
                    <tls-tcp-listener>
                      <port>%d</port>
                      <bind-address>127.0.0.1</bind-address>
                      <tls>
                        <keystore>
                          <path>conf/gatehouse/keystore.p12</path>
                          <password>test-store</password>
                          <private-key-password>test-store</private-key-password>
                        </keystore>
                        <truststore>
                          <path>conf/gatehouse/truststore.p12</path>
                          <password>test-store</password>
                        </truststore>
                        <client-authentication-mode>REQUIRED</client-authentication-mode>
                      </tls>
                    </tls-tcp-listener>
                  </listeners>
                  <anonymous-usage-statistics><enabled>false</enabled></anonymous-usage-statistics>
                  <persistence><mode>file</mode></persistence>
                </hivemq>
                """.formatted(port)));
    }

    Path gatehouse() {
        return path.resolve("conf/gatehouse");
    }

    Path extensions() {
        return path.resolve("extensions");
    }

    Path data() {
        return path.resolve("data/gatehouse");
    }

    @Override
    public void close() {
        temporary.close();
    }
}
