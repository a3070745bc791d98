package io.gatehouse.broker.control;

import com.hivemq.extension.sdk.api.services.exception.NoSuchClientIdException;
import com.hivemq.extension.sdk.api.services.session.ClientService;
import com.hivemq.extension.sdk.api.services.session.SessionInformation;
import com.hivemq.extension.sdk.api.services.subscription.SubscriptionStore;
import io.gatehouse.identity.RefusalReason;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** {@link BrokerControl} over HiveMQ's services. */
public final class HivemqControl implements BrokerControl {
    private final ClientService clients;
    private final SubscriptionStore subscriptions;
    private final Executor executor;

    public HivemqControl(ClientService clients, SubscriptionStore subscriptions, Executor executor) {
        this.clients = clients;
        this.subscriptions = subscriptions;
        this.executor = executor;
    }

    @Override
    public CompletionStage<Boolean> disconnect(String clientId, RefusalReason reason) {
        return clients.disconnectClient(clientId, true, DisconnectCodes.of(reason), reason.word());
    }

    @Override
    public CompletionStage<Void> purge(String clientId) {
        return clients.invalidateSession(clientId).handle((disconnected, failure) -> {
            if (failure != null && !noSuchClient(failure)) {
                throw new CompletionException(failure);
            }
            return null;
        });
    }

    @Override
    public boolean connected(String clientId) {
        // HiveMQ answers this and the next in the calling thread.
        return clients.isClientConnected(clientId).join();
    }

    @Override
    public boolean hasSession(String clientId) {
        return clients.getSession(clientId).join().isPresent();
    }

    @Override
    public CompletionStage<Set<Subscription>> subscriptions(String clientId) {
        return subscriptions
                .getSubscriptions(clientId)
                .thenApply(all -> all.stream()
                        .map(each -> new Subscription(
                                each.getTopicFilter(), each.getQos().getQosNumber()))
                        .collect(Collectors.toUnmodifiableSet()));
    }

    @Override
    public CompletionStage<Void> unsubscribe(String clientId, Set<String> filters) {
        return subscriptions.removeSubscriptions(clientId, filters);
    }

    @Override
    public CompletionStage<Void> eachSession(Consumer<String> clientId) {
        return clients.iterateAllClients((context, session) -> accept(clientId, session), executor);
    }

    private static void accept(Consumer<String> clientId, SessionInformation session) {
        clientId.accept(session.getClientIdentifier());
    }

    private static boolean noSuchClient(Throwable failure) {
        return failure instanceof NoSuchClientIdException
                || (failure.getCause() != null && failure.getCause() instanceof NoSuchClientIdException);
    }
}
