package io.gatehouse.broker.admit;

import com.hivemq.extension.sdk.api.client.parameter.ClientTlsInformation;
import com.hivemq.extension.sdk.api.client.parameter.ConnectionInformation;
import com.hivemq.extension.sdk.api.client.parameter.Listener;
import com.hivemq.extension.sdk.api.parameter.ClientBasedInput;
import io.gatehouse.admission.decision.ConnectRequest;
import io.gatehouse.broker.sessions.LiveSession;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.x509.Certificates;
import io.gatehouse.x509.SpiffeId;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.time.Instant;

/** Reads from HiveMQ's view of a connection what a decision needs. What HiveMQ does not know is absent, and absence refuses. */
final class Connections {
    private Connections() {}

    /** {@code clientId} as the client sent it. */
    static ConnectRequest request(ClientBasedInput input, String clientId, Instant now) {
        var connection = input.getConnectionInformation();
        return new ConnectRequest(
                connection
                        .getClientTlsInformation()
                        .flatMap(ClientTlsInformation::getClientCertificate)
                        .map(Certificates::fingerprint),
                clientId,
                listener(connection),
                now);
    }

    /**
     * Whether the certificate names another device than the directory has it for. Ours always name their device, in CN and URI; what
     * names nobody, such as an imported one, is the directory's alone to judge.
     */
    static boolean namesAnother(ClientBasedInput input, DeviceId device) {
        return input.getConnectionInformation()
                .getClientTlsInformation()
                .flatMap(ClientTlsInformation::getClientCertificate)
                .filter(certificate -> namesAnother(certificate, device))
                .isPresent();
    }

    private static boolean namesAnother(X509Certificate certificate, DeviceId device) {
        // The name first, since that of nearly all is right and costs less to read than the URI.
        return Certificates.commonName(certificate)
                .filter(name -> !name.equals(device.value()))
                .filter(name -> Certificates.spiffeId(certificate)
                        .filter(id -> id instanceof SpiffeId.Device named
                                && named.device().value().equals(name))
                        .isPresent())
                .isPresent();
    }

    static ConnectRequest request(ClientBasedInput input, Instant now) {
        return request(input, input.getClientInformation().getClientId(), now);
    }

    static String address(ClientBasedInput input) {
        return input.getConnectionInformation()
                .getInetAddress()
                .map(InetAddress::getHostAddress)
                .orElse("");
    }

    static LiveSession.Origin origin(ClientBasedInput input, Instant since) {
        var connection = input.getConnectionInformation();
        String tls = connection
                .getClientTlsInformation()
                .map(ClientTlsInformation::getProtocol)
                .orElse("");
        return new LiveSession.Origin(address(input), listener(connection), tls, since);
    }

    private static String listener(ConnectionInformation connection) {
        return connection.getListener().map(Listener::getName).orElse("");
    }
}
