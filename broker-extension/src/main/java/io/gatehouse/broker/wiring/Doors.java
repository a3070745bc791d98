package io.gatehouse.broker.wiring;

import com.hivemq.extension.sdk.api.services.Services;
import io.gatehouse.broker.admit.Departures;
import io.gatehouse.broker.admit.Doorkeeper;
import io.gatehouse.broker.admit.Governance;
import io.gatehouse.broker.admit.Marks;
import io.gatehouse.broker.admit.Observation;
import io.gatehouse.broker.admit.Progress;
import io.gatehouse.broker.admit.Readiness;
import io.gatehouse.broker.admit.Registration;
import io.gatehouse.broker.admit.StoredSessions;
import io.gatehouse.broker.admit.Strangers;
import io.gatehouse.broker.admit.TopicGuard;
import io.gatehouse.broker.control.BrokerControl;
import io.gatehouse.broker.control.HivemqControl;
import io.gatehouse.broker.control.Later;
import io.gatehouse.broker.enforce.ExpiryWatch;
import io.gatehouse.broker.enforce.Purger;
import io.gatehouse.broker.monitor.Counts;
import io.gatehouse.broker.monitor.TlsLog;
import io.gatehouse.broker.monitor.TlsRefusals;
import io.gatehouse.broker.sessions.Sessions;
import io.gatehouse.broker.sessions.StoredClients;
import io.gatehouse.broker.sessions.Wills;
import io.gatehouse.identity.RefusalReason;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** The callbacks that HiveMQ holds from the first moment on, all closed until the {@link Readiness} opens. */
final class Doors {
    final Governance governance = new Governance();
    final Readiness readiness = new Readiness();
    final Sessions sessions = new Sessions();
    final StoredClients clients = new StoredClients();
    final Wills wills = new Wills();
    final ExpiryWatch expiry = new ExpiryWatch();
    final Observation observation = new Observation(readiness);
    final ScheduledExecutorService executor;
    final BrokerControl control;
    final Later later;
    final Progress progress;
    final Purger purger;
    final StoredSessions stored;
    final Registration registration;
    final Counts metrics;
    final TlsRefusals tlsRefusals;
    final TlsLog tlsLog;
    final Bookkeeping bookkeeping;

    private final InstantSource clock;
    private final Marks marks = new Marks(new SecureRandom());
    private final Strangers strangers;

    Doors(InstantSource clock) {
        this.clock = clock;
        executor = Executors.newScheduledThreadPool(2, new Threads("gatehouse-work"));
        this.later = new Later(executor);
        this.control = new HivemqControl(Services.clientService(), Services.subscriptionStore(), executor);
        this.progress = new Progress(later);
        this.purger = new Purger(governance, control, clients, wills, progress, later);
        this.stored = new StoredSessions(control, clients, wills, purger::purging, progress, later);
        this.tlsRefusals = new TlsRefusals(clock, (reason, address) -> refusedByTls(reason, address));
        this.tlsLog = new TlsLog(tlsRefusals);
        this.metrics = new Counts(Services.metricRegistry(), tlsRefusals);
        this.bookkeeping = new Bookkeeping(metrics, expiry, stored, later, clock);
        this.strangers = new Strangers(governance, readiness, clients, control, purger::purgeStranger, later);
        this.registration = new Registration(
                governance,
                strangers,
                observation,
                readiness,
                sessions,
                wills,
                stored,
                control,
                marks,
                bookkeeping,
                clock);
    }

    private void refusedByTls(RefusalReason reason, String address) {
        bookkeeping.refusedByTls(reason, address);
    }

    /** Hands the callbacks to HiveMQ, the authenticator first: one instance each, so that no provider can fail later. */
    void hang() {
        var doorkeeper =
                new Doorkeeper(governance, strangers, observation, readiness, stored, marks, bookkeeping, clock);
        Services.securityRegistry().setAuthenticatorProvider(input -> doorkeeper);
        var guard = new TopicGuard(governance, readiness, sessions, marks, bookkeeping, clock);
        Services.securityRegistry().setAuthorizerProvider(guard::forClient);
        Services.initializerRegistry().setClientInitializer(registration);
        var departures = new Departures(sessions, observation, marks, bookkeeping, bookkeeping::observedLeft);
        Services.eventRegistry().setClientLifecycleEventListener(input -> departures);
    }
}
