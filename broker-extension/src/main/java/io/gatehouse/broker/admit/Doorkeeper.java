package io.gatehouse.broker.admit;

import com.hivemq.extension.sdk.api.async.TimeoutFallback;
import com.hivemq.extension.sdk.api.auth.SimpleAuthenticator;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthInput;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthOutput;
import io.gatehouse.admission.decision.ConnectRequest;
import io.gatehouse.admission.decision.Decision;
import io.gatehouse.broker.sessions.Grant;
import io.gatehouse.identity.RefusalReason;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers every CONNECT by a governed listener, with success only after a positive decision. There it always decides, unless we only
 * observe: it never hands on to another extension, never throws and never leaves HiveMQ to its default. Callbacks of one client are in order, those of many clients share few threads,
 * so nothing here waits.
 */
public final class Doorkeeper implements SimpleAuthenticator {
    private static final Logger LOG = LoggerFactory.getLogger(Doorkeeper.class);
    private static final Duration STORE_LIMIT = Duration.ofSeconds(10);

    private final Governance governance;
    private final Strangers strangers;
    private final Observation observation;
    private final Readiness readiness;
    private final StoredSessions stored;
    private final Marks marks;
    private final Evidence evidence;
    private final InstantSource clock;

    public Doorkeeper(
            Governance governance,
            Strangers strangers,
            Observation observation,
            Readiness readiness,
            StoredSessions stored,
            Marks marks,
            Evidence evidence,
            InstantSource clock) {
        this.governance = governance;
        this.strangers = strangers;
        this.observation = observation;
        this.readiness = readiness;
        this.stored = stored;
        this.marks = marks;
        this.evidence = evidence;
        this.clock = clock;
    }

    @Override
    public void onConnect(SimpleAuthInput input, SimpleAuthOutput output) {
        try {
            var request = Connections.request(input, input.getConnectPacket().getClientId(), clock.instant());
            if (!governance.governs(input)) {
                answerStranger(input, output, request);
            } else if (governance.observes()) {
                observe(input, output, request);
            } else {
                CoarsePermissions.denyAll(output.getDefaultPermissions());
                decide(input, output, request);
            }
        } catch (RuntimeException | Error e) {
            LOG.error("A CONNECT could not be decided and is refused.", e);
            output.failAuthentication(
                    ConnackCodes.of(RefusalReason.INTERNAL_ERROR), RefusalReason.INTERNAL_ERROR.word());
        }
    }

    /** Left to the operator's other extensions, but for the devices' own client ids. */
    private void answerStranger(SimpleAuthInput input, SimpleAuthOutput output, ConnectRequest request) {
        var wrong = strangers.whyNotStranger(request.clientId());
        if (wrong.isEmpty()) {
            output.nextExtensionOrDefault();
        } else {
            output.failAuthentication(ConnackCodes.of(wrong.get()), wrong.get().word());
            evidence.contested(wrong.get(), request, Connections.address(input));
        }
    }

    /** Refuses nobody whom somebody else could let in; without anybody else, nobody who came by a safe listener. */
    private void observe(SimpleAuthInput input, SimpleAuthOutput output, ConnectRequest request) {
        boolean alone = governance.mode() == Governance.Mode.OBSERVE_ALONE;
        if (alone && governance.isUnsafe(input)) {
            refuse(input, output, request, RefusalReason.UNSAFE_CONFIGURATION);
            return;
        }
        marks.will(input, input.getConnectPacket().getWillPublish());
        observation
                .judge(input, request)
                .ifPresent(reason -> evidence.wouldRefuse(reason, request, Connections.address(input)));
        if (alone) {
            output.authenticateSuccessfully();
        } else {
            output.nextExtensionOrDefault();
        }
    }

    private void decide(SimpleAuthInput input, SimpleAuthOutput output, ConnectRequest request) {
        var state = readiness.state();
        if (!(state instanceof Readiness.Open open)) {
            var closed = (Readiness.Closed) state;
            refuse(input, output, request, closed.reason());
            return;
        }
        if (governance.isUnsafe(input)) {
            refuse(input, output, request, RefusalReason.UNSAFE_CONFIGURATION);
            return;
        }
        marks.decidedAt(input, open.directory());
        long began = System.nanoTime();
        var decision = open.admission().decide(request, open.directory());
        evidence.decided(System.nanoTime() - began);
        if (decision instanceof Decision.Refuse no) {
            refuse(input, output, request, no.reason());
        } else if (decision instanceof Decision.Admit yes && Connections.namesAnother(input, yes.device())) {
            refuse(input, output, request, RefusalReason.NAME_MISMATCH);
        } else if (decision instanceof Decision.Admit yes) {
            admit(input, output, request, yes);
        }
    }

    /** What came of looking at what the broker keeps: why not, whether that is a stranger's doing, whether a stored session resumes. */
    private record Found(Optional<RefusalReason> wrong, boolean contested, boolean resumes) {
        static Found fresh(Optional<RefusalReason> wrong) {
            return new Found(wrong, false, false);
        }

        static Found stored(Optional<RefusalReason> wrong) {
            return new Found(wrong, false, true);
        }
    }

    private void admit(SimpleAuthInput input, SimpleAuthOutput output, ConnectRequest request, Decision.Admit admit) {
        boolean cleanStart = input.getConnectPacket().getCleanStart();
        var looking = look(request, admit, cleanStart).toCompletableFuture();
        if (looking.isDone() && !looking.isCompletedExceptionally()) {
            answer(input, output, request, admit, looking.join());
            return;
        }
        var async = output.async(STORE_LIMIT, TimeoutFallback.FAILURE, RefusalReason.UNAVAILABLE.word());
        var unused = looking.thenAccept(found -> answer(input, async.getOutput(), request, admit, found))
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        LOG.error("{} cannot be decided now and is refused.", request.clientId(), failure);
                        refuse(input, async.getOutput(), request, RefusalReason.UNAVAILABLE);
                    }
                    async.resume();
                });
    }

    private CompletionStage<Found> look(ConnectRequest request, Decision.Admit admit, boolean cleanStart) {
        return strangers
                .whyNotDevice(admit, request.clientId())
                .thenCompose(stranger -> stranger.isPresent()
                        ? CompletableFuture.completedFuture(new Found(stranger, true, false))
                        : lookAtSession(request.clientId(), admit, cleanStart));
    }

    /** What a stored session subscribed to under an earlier policy goes before CONNACK. */
    private CompletionStage<Found> lookAtSession(String clientId, Decision.Admit admit, boolean cleanStart) {
        if (cleanStart || !stored.mayHave(admit.device(), clientId)) {
            return stored.makeRoom(admit, clientId).thenApply(Found::fresh);
        }
        return stored.caughtUp()
                .thenCompose(now -> stored.makeRoom(admit, clientId))
                .thenCompose(wrong -> wrong.isPresent()
                        ? CompletableFuture.completedFuture(Found.stored(wrong))
                        : stored.removeForbidden(clientId, grant(admit))
                                .thenApply(done -> Found.stored(Optional.empty())));
    }

    private void answer(
            SimpleAuthInput input, SimpleAuthOutput output, ConnectRequest request, Decision.Admit admit, Found found) {
        if (found.wrong().isPresent()) {
            refuse(input, output, request, found.wrong().get());
            if (found.contested()) {
                evidence.contested(found.wrong().get(), request, Connections.address(input));
            }
            return;
        }
        CoarsePermissions.allow(output.getDefaultPermissions(), grant(admit));
        marks.admitted(input, found.resumes());
        marks.will(input, input.getConnectPacket().getWillPublish());
        output.authenticateSuccessfully();
    }

    private static Grant grant(Decision.Admit admit) {
        return new Grant(admit.subject(), admit.policy());
    }

    private void refuse(SimpleAuthInput input, SimpleAuthOutput output, ConnectRequest request, RefusalReason reason) {
        output.failAuthentication(ConnackCodes.of(reason), reason.word());
        evidence.refused(reason, request, Connections.address(input));
    }
}
