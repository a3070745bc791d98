package io.gatehouse.enrollment.est;

import io.gatehouse.enrollment.app.Refusals;
import io.gatehouse.enrollment.app.domain.Refusal;
import io.gatehouse.enrollment.http.Answer;
import io.gatehouse.enrollment.http.RefusalForm;
import io.gatehouse.enrollment.http.Request;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.x509.Certificates;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Refuses on the enroll port, and keeps what was refused where an administrator finds it. Thread-safe. */
public final class DeviceAnswers {
    private final RefusalForm form;
    private final Refusals refusals;
    private final InstantSource clock;

    public DeviceAnswers(RefusalForm form, Refusals refusals, InstantSource clock) {
        this.form = form;
        this.refusals = refusals;
        this.clock = clock;
    }

    /** The device is what the peer says it is: shown only when it could be an id. */
    public Answer.Whole refuse(Request request, Optional<String> device, RefusalReason reason, String detail) {
        if (reason != RefusalReason.PENDING) {
            note(request, device, reason); // who waits is on a list of its own, and asks again and again
        }
        return form.refuse(reason, detail);
    }

    /** The same for who wants to be a broker: 403, because no password would help. */
    public Answer.Whole refuseBroker(Request request, RefusalReason reason, String detail) {
        note(request, Optional.empty(), reason);
        return form.refuse(403, reason, detail);
    }

    private void note(Request request, Optional<String> device, RefusalReason reason) {
        refusals.add(new Refusal(
                clock.instant(),
                "est",
                reason,
                Optional.empty(),
                device.flatMap(DeviceId::parse).map(DeviceId::value),
                request.peer().certificates().stream()
                        .findFirst()
                        .map(certificate ->
                                Certificates.fingerprint(certificate).hex()),
                request.peer().host()));
    }

    /** RFC 3339 in UTC, to the second. */
    static String seconds(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
