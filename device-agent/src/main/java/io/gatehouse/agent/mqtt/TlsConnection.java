package io.gatehouse.agent.mqtt;

import io.gatehouse.agent.service.Dial;
import io.gatehouse.x509.tls.ServiceTrust;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.eclipse.paho.mqttv5.client.internal.NetworkModule;
import org.jspecify.annotations.Nullable;

/**
 * The client library's transport: TLS by our own context, with endpoint identification always on, and an ear on the CONNACK. Its own
 * transport would leave the context's parameters to chance.
 */
final class TlsConnection implements NetworkModule {
    private final BrokerAddress address;
    private final SSLContext tls;
    private final Duration patience;
    private volatile boolean reached;
    private volatile @Nullable SSLSocket socket;
    private volatile @Nullable ConnackTap tap;

    TlsConnection(BrokerAddress address, SSLContext tls, Duration patience) {
        this.address = address;
        this.tls = tls;
        this.patience = patience;
    }

    @Override
    public void start() throws IOException {
        var plain = Dial.connect(address.bareHost(), address.port(), patience.dividedBy(2), opened -> {});
        reached = true;
        try {
            var secure =
                    (SSLSocket) tls.getSocketFactory().createSocket(plain, address.bareHost(), address.port(), true);
            secure.setSSLParameters(ServiceTrust.parameters());
            secure.setSoTimeout((int) patience.toMillis());
            secure.startHandshake();
            secure.setSoTimeout(0);
            tap = new ConnackTap(secure.getInputStream());
            socket = secure;
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    @Override
    public InputStream getInputStream() throws IOException {
        var listening = tap;
        if (listening == null) {
            throw new IOException("not connected");
        }
        return listening;
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        var secure = socket;
        if (secure == null) {
            throw new IOException("not connected");
        }
        return secure.getOutputStream();
    }

    @Override
    public void stop() throws IOException {
        var secure = socket;
        if (secure != null) {
            secure.close();
        }
    }

    @Override
    public String getServerURI() {
        return address.toString();
    }

    /** Whether somebody answered at the broker's address. */
    boolean isReached() {
        return reached;
    }

    /** The reason string of the CONNACK, when there was one. */
    Optional<String> reasonString() {
        var listening = tap;
        return listening == null ? Optional.empty() : listening.reasonString();
    }
}
