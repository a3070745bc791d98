package io.gatehouse.systemtests.mqtt;

import io.gatehouse.systemtests.Gatehouse;
import io.gatehouse.testkit.HeldCertificate;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * From where and as whom a client connects.
 *
 * @param version 4 is MQTT 3.1.1, 5 is MQTT 5
 * @param held null: without a certificate
 * @param files a directory for tools that want files
 */
record Seat(
        Gatehouse gatehouse,
        Transport transport,
        int port,
        int version,
        @Nullable HeldCertificate held,
        String clientId,
        Act.@Nullable Message will,
        Path files) {
    /** How the bytes of MQTT travel; both over mutual TLS. */
    enum Transport {
        TCP,
        WSS
    }

    /** At the broker of that Gatehouse, without a will. */
    static Seat of(
            Gatehouse gatehouse, Transport transport, int version, HeldCertificate held, String clientId, Path files) {
        int port = transport == Transport.TCP ? gatehouse.mqttPort() : gatehouse.wssPort();
        return new Seat(gatehouse, transport, port, version, held, clientId, null, files);
    }

    /** At another broker of that Gatehouse. */
    Seat at(int otherPort) {
        return new Seat(gatehouse, transport, otherPort, version, held, clientId, will, files);
    }

    Seat as(String otherClientId) {
        return new Seat(gatehouse, transport, port, version, held, otherClientId, will, files);
    }

    Seat with(@Nullable HeldCertificate other) {
        return new Seat(gatehouse, transport, port, version, other, clientId, will, files);
    }

    Seat leaving(Act.Message last) {
        return new Seat(gatehouse, transport, port, version, held, clientId, last, files);
    }
}
