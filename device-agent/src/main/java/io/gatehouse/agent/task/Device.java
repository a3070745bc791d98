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
import io.gatehouse.agent.state.GenerationStore;
import io.gatehouse.agent.state.StoreException;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.x509.Certificates;
import java.time.Duration;
import java.time.InstantSource;

/**
 * A device with one of its identities: can ask the service how it stands, and connect to the broker. The broker's address is the one that was
 * given; otherwise the one that the service named last, so that a service that is away keeps nobody from the broker; otherwise the service is
 * asked.
 */
public record Device(Generation generation, GenerationStore store, LinkSettings link, InstantSource clock) {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    public DeviceId id() {
        return generation.purpose().device();
    }

    /** The service, with this identity. */
    public EnrollmentClient service() {
        var address = ServiceAddress.parse(generation.purpose().url())
                .orElseThrow(() -> new StoreException(generation.directory() + " names no service"));
        return EnrollmentClient.with(
                generation.identity(), address, generation.trust(), clock, EnrollmentClient.DEADLINE);
    }

    /**
     * Connects to the broker. A broker hears of a new certificate a moment after the device: while it says that it does not know ours, it is
     * asked again for some seconds.
     */
    public Attempt<BrokerLink> connect(BrokerLink.Inbox inbox) {
        var linked = connectOnce(inbox);
        for (var pause = FIRST_PAUSE;
                isTooEarly(linked) && pause.compareTo(LONGEST_PAUSE) <= 0;
                pause = pause.multipliedBy(2)) {
            if (!slept(pause)) {
                break;
            }
            linked = connectOnce(inbox);
        }
        return linked;
    }

    private static boolean isTooEarly(Attempt<BrokerLink> linked) {
        return linked.failure()
                .filter(failure -> failure.source() == Failure.Source.BROKER)
                .filter(failure -> failure.is(RefusalReason.UNKNOWN_CERTIFICATE))
                .isPresent();
    }

    private static boolean slept(Duration pause) {
        try {
            Thread.sleep(pause.toMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Attempt<BrokerLink> connectOnce(BrokerLink.Inbox inbox) {
        if (link.broker().isPresent()) {
            return connect(link.broker().get(), inbox);
        }
        var known = store.knownBroker().flatMap(BrokerAddress::parse);
        if (known.isEmpty()) {
            return brokerOfService().then(address -> connect(address, inbox));
        }
        var linked = connect(known.get(), inbox);
        if (linked.failure().filter(Device::isNetwork).isEmpty()) {
            return linked;
        }
        // perhaps the broker has moved
        var named = brokerOfService().result().filter(address -> !address.equals(known.get()));
        return named.isPresent() ? connect(named.get(), inbox) : linked;
    }

    private static boolean isNetwork(Failure failure) {
        return failure.exit() == ExitCode.TRANSIENT && failure.source() == Failure.Source.AGENT;
    }

    private Attempt<BrokerLink> connect(BrokerAddress address, BrokerLink.Inbox inbox) {
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

    /** How the device stands, as the service says; the broker that it names is kept. */
    public Attempt<Standing> standing() {
        var standing = service().standing();
        standing.result()
                .flatMap(Standing::broker)
                .filter(address -> BrokerAddress.parse(address).isPresent())
                .ifPresent(store::knowBroker);
        return standing;
    }

    /** The broker's address as the service gives it; fails in the service's words when this device may not connect at all. */
    private Attempt<BrokerAddress> brokerOfService() {
        return standing().then(standing -> {
            var failure = standing.failure();
            if (failure.isPresent()) {
                return Attempt.failed(failure.get());
            }
            return standing.broker()
                    .flatMap(BrokerAddress::parse)
                    .map(Attempt::done)
                    .orElseGet(() -> Attempt.failed(ExitCode.TRANSIENT, "the service names no broker"));
        });
    }

    /**
     * What a failure means once the service was asked: its own word when it has one against us, otherwise what was said before. A broken
     * network is no reason to ask.
     */
    public Failure confirm(Failure failure) {
        return isNetwork(failure) ? failure : ask(failure);
    }

    /** The same, whatever the failure. */
    public Failure ask(Failure failure) {
        return failure.source() == Failure.Source.SERVICE
                ? failure
                : standing().result().flatMap(Standing::failure).orElse(failure);
    }
}
