package io.gatehouse.broker.fakes;

import com.hivemq.extension.sdk.api.auth.parameter.PublishAuthorizerInput;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthInput;
import com.hivemq.extension.sdk.api.auth.parameter.SubscriptionAuthorizerInput;
import com.hivemq.extension.sdk.api.client.ClientContext;
import com.hivemq.extension.sdk.api.client.parameter.ClientInformation;
import com.hivemq.extension.sdk.api.client.parameter.ClientTlsInformation;
import com.hivemq.extension.sdk.api.client.parameter.ConnectionAttributeStore;
import com.hivemq.extension.sdk.api.client.parameter.ConnectionInformation;
import com.hivemq.extension.sdk.api.client.parameter.InitializerInput;
import com.hivemq.extension.sdk.api.client.parameter.Listener;
import com.hivemq.extension.sdk.api.events.client.parameters.DisconnectEventInput;
import com.hivemq.extension.sdk.api.interceptor.publish.PublishInboundInterceptor;
import com.hivemq.extension.sdk.api.interceptor.publish.PublishOutboundInterceptor;
import com.hivemq.extension.sdk.api.interceptor.publish.parameter.PublishInboundInput;
import com.hivemq.extension.sdk.api.interceptor.suback.SubackOutboundInterceptor;
import com.hivemq.extension.sdk.api.interceptor.subscribe.SubscribeInboundInterceptor;
import com.hivemq.extension.sdk.api.packets.connect.ConnectPacket;
import com.hivemq.extension.sdk.api.packets.connect.WillPublishPacket;
import com.hivemq.extension.sdk.api.packets.general.Qos;
import com.hivemq.extension.sdk.api.packets.publish.PublishPacket;
import com.hivemq.extension.sdk.api.packets.subscribe.Subscription;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A client's connection as HiveMQ shows it to an extension. */
public final class FakeClient {
    public final String clientId;
    public final FakePermissions permissions = new FakePermissions();
    public final List<PublishOutboundInterceptor> interceptors = new ArrayList<>();
    public final List<PublishInboundInterceptor> inbound = new ArrayList<>();
    public final List<SubackOutboundInterceptor> subacks = new ArrayList<>();
    public final Map<String, String> attributes = new HashMap<>();
    private final Optional<X509Certificate> certificate;
    private Optional<Listener> listener = Optional.empty();
    private boolean cleanStart = true;
    private String willTopic;

    public FakeClient(String clientId, X509Certificate certificate) {
        this.clientId = clientId;
        this.certificate = Optional.ofNullable(certificate);
    }

    public FakeClient by(String listenerName) {
        listener = Optional.of(Partial.of(Listener.class, new Named(listenerName)));
        return this;
    }

    public FakeClient resuming() {
        cleanStart = false;
        return this;
    }

    public FakeClient leaving(String topic) {
        willTopic = topic;
        return this;
    }

    public SimpleAuthInput connect() {
        return Partial.of(SimpleAuthInput.class, new Input(null, null));
    }

    public InitializerInput registration() {
        return Partial.of(InitializerInput.class, new Input(null, null));
    }

    public DisconnectEventInput departure() {
        return Partial.of(DisconnectEventInput.class, new Input(null, null));
    }

    public PublishAuthorizerInput publish(String topic, int qos) {
        return Partial.of(
                PublishAuthorizerInput.class, new Input(Partial.of(PublishPacket.class, new Packet(topic, qos)), null));
    }

    public PublishInboundInput inboundPublish(String topic) {
        return Partial.of(
                PublishInboundInput.class, new Input(Partial.of(PublishPacket.class, new Packet(topic, 1)), null));
    }

    public PublishAuthorizerInput will(String topic) {
        return Partial.of(
                PublishAuthorizerInput.class,
                new Input(Partial.of(WillPublishPacket.class, new Packet(topic, 1)), null));
    }

    public SubscriptionAuthorizerInput subscribe(String filter, int qos) {
        return Partial.of(
                SubscriptionAuthorizerInput.class,
                new Input(null, Partial.of(Subscription.class, new Packet(filter, qos))));
    }

    public ClientContext context() {
        return Partial.of(ClientContext.class, new Context());
    }

    /** Inputs of all callbacks: each asks for a part of it. */
    public final class Input {
        private final PublishPacket publish;
        private final Subscription subscription;

        Input(PublishPacket publish, Subscription subscription) {
            this.publish = publish;
            this.subscription = subscription;
        }

        public ConnectPacket getConnectPacket() {
            return Partial.of(ConnectPacket.class, new Connect());
        }

        public PublishPacket getPublishPacket() {
            return publish;
        }

        public Subscription getSubscription() {
            return subscription;
        }

        public ClientInformation getClientInformation() {
            return () -> clientId;
        }

        public ConnectionInformation getConnectionInformation() {
            return Partial.of(ConnectionInformation.class, new Connection());
        }
    }

    /** CONNECT. */
    public final class Connect {
        public String getClientId() {
            return clientId;
        }

        public Optional<WillPublishPacket> getWillPublish() {
            return Optional.ofNullable(willTopic)
                    .map(topic -> Partial.of(WillPublishPacket.class, new Packet(topic, 1)));
        }

        public boolean getCleanStart() {
            return cleanStart;
        }
    }

    /** PUBLISH, will or subscription. */
    public record Packet(String topic, int level) {
        public String getTopic() {
            return topic;
        }

        public String getTopicFilter() {
            return topic;
        }

        public Qos getQos() {
            return Qos.valueOf(level);
        }

        public boolean getRetain() {
            return false;
        }
    }

    /** The socket. */
    public final class Connection {
        public Optional<InetAddress> getInetAddress() {
            return Optional.of(InetAddress.getLoopbackAddress());
        }

        public Optional<Listener> getListener() {
            return listener;
        }

        public Optional<ClientTlsInformation> getClientTlsInformation() {
            return Optional.of(Partial.of(ClientTlsInformation.class, new Tls()));
        }

        public ConnectionAttributeStore getConnectionAttributeStore() {
            return Partial.of(ConnectionAttributeStore.class, new Attributes());
        }
    }

    /** A listener. */
    public record Named(String name) {
        public String getName() {
            return name;
        }
    }

    /** TLS. */
    public final class Tls {
        public Optional<X509Certificate> getClientCertificate() {
            return certificate;
        }

        public String getProtocol() {
            return "TLSv1.3";
        }
    }

    /** What extensions write on the connection. */
    public final class Attributes {
        public void putAsString(String key, String value) {
            attributes.put(key, value);
        }

        public Optional<String> getAsString(String key) {
            return Optional.ofNullable(attributes.get(key));
        }
    }

    /** The registered client. */
    public final class Context {
        public FakePermissions getDefaultPermissions() {
            return permissions;
        }

        public void addPublishInboundInterceptor(PublishInboundInterceptor interceptor) {
            inbound.add(interceptor);
        }

        public void addSubscribeInboundInterceptor(SubscribeInboundInterceptor interceptor) {}

        public void addPublishOutboundInterceptor(PublishOutboundInterceptor interceptor) {
            interceptors.add(interceptor);
        }

        public void addSubackOutboundInterceptor(SubackOutboundInterceptor interceptor) {
            subacks.add(interceptor);
        }

        public List<SubackOutboundInterceptor> getSubackOutboundInterceptors() {
            return subacks;
        }

        public List<PublishOutboundInterceptor> getPublishOutboundInterceptors() {
            return interceptors;
        }
    }
}
