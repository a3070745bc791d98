package io.gatehouse.enrollment.pki;

import io.gatehouse.enrollment.est.DeviceRefusals;
import io.gatehouse.enrollment.http.Answer;
import io.gatehouse.enrollment.http.RefusalForm;
import io.gatehouse.identity.RefusalReason;

/** How the pki port refuses: a line of text with the word, by the statuses of {@link DeviceRefusals}. */
public final class PublicRefusals implements RefusalForm {
    @Override
    public Answer.Whole refuse(RefusalReason reason, String detail) {
        int status = DeviceRefusals.status(reason);
        var answer = Answer.text(status, reason.word() + ": " + detail)
                .with("Gatehouse-Reason", reason.word())
                .because(reason);
        return status == 503 ? answer.with("Retry-After", "2") : answer;
    }
}
