package io.gatehouse.agent.task;

import io.gatehouse.agent.Attempt;
import io.gatehouse.agent.ExitCode;
import io.gatehouse.agent.Failure;
import io.gatehouse.agent.mqtt.BrokerAddress;
import io.gatehouse.agent.mqtt.BrokerLink;
import io.gatehouse.agent.service.EnrollmentClient;
import io.gatehouse.agent.service.ServiceAddress;
import io.gatehouse.agent.service.Standing;
import io.gatehouse.agent.state.Generation;
import io.gatehouse.agent.state.StoreException;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.x509.Certificates;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * A device with one of its identities: can ask the service how it stands, and connect to the broker.
 *
 * @param broker an address that overrides what the service says
 * @param link how to keep a connection
 */
public record Device(Generation generation, Optional<BrokerAddress> broker, LinkSettings link, InstantSource clock) {

    /** How long the broker hears nothing before it asks, how long it keeps the session. */
    public record LinkSettings(Duration keepAlive, Duration sessionExpiry) {}

    public DeviceId id() {
        return generation.purpose().device();
    }

    /** The service, with this identity. */
    public EnrollmentClient service() {
        return EnrollmentClient.with(
                generation.identity(), address(), generation.trust(), clock, EnrollmentClient.DEADLINE);
    }

    private ServiceAddress address() {
        return ServiceAddress.parse(generation.purpose().url())
                .orElseThrow(() -> new StoreException(generation.directory() + " names no service"));
    }

    /** Connects to the broker that was given, or else to the one that the service names. */
    public Attempt<BrokerLink> connect(BrokerLink.Inbox inbox) {
        return broker().map(Attempt::done).orElseGet(this::brokerOfService).then(address -> connect(address, inbox));
    }

    /** Connects to this broker. */
    public Attempt<BrokerLink> connect(BrokerAddress address, BrokerLink.Inbox inbox) {
        var certificate = generation.certificate();
        var domain = Certificates.spiffeId(certificate)
                .orElseThrow(() -> new StoreException(generation.directory() + " holds a certificate without our URI"))
                .trustDomain();
        var settings = new BrokerLink.Settings(
                address,
                id().value(),
                generation.identity(),
                domain,
                generation.trust(),
                link.keepAlive(),
                link.sessionExpiry());
        return BrokerLink.connect(settings, clock, inbox);
    }

    /** The broker's address as the service gives it; fails in the service's words when this device may not connect at all. */
    public Attempt<BrokerAddress> brokerOfService() {
        return service().standing().then(this::brokerOf);
    }

    /** The address in an answer of the service. */
    public Attempt<BrokerAddress> brokerOf(Standing standing) {
        var failure = standing.failure();
        if (failure.isPresent()) {
            return Attempt.failed(failure.get());
        }
        return standing.broker()
                .flatMap(BrokerAddress::parse)
                .map(Attempt::done)
                .orElseGet(() -> Attempt.failed(ExitCode.TRANSIENT, "the service names no broker"));
    }

    /**
     * What a refusal means once the service was asked: its own word when it has one against us, otherwise the broker's, which a person must
     * look at unless it passes.
     */
    public Failure confirm(Failure failure) {
        if (failure.reason().isEmpty() && failure.exit() != ExitCode.REFUSED) {
            return failure;
        }
        return service().standing().result().flatMap(Standing::failure).orElse(failure);
    }
}
