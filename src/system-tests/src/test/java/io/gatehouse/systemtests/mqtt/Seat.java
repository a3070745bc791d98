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

    int port() {
        return transport == Transport.TCP ? gatehouse.mqttPort() : gatehouse.wssPort();
    }

    Seat as(String otherClientId) {
        return new Seat(gatehouse, transport, version, held, otherClientId, will, files);
    }

    Seat with(@Nullable HeldCertificate other) {
        return new Seat(gatehouse, transport, version, other, clientId, will, files);
    }

    Seat leaving(Act.Message last) {
        return new Seat(gatehouse, transport, version, held, clientId, last, files);
    }
}
