package io.gatehouse.enrollment.est;

import io.gatehouse.enrollment.app.DescribeDevice;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.http.Answer;
import io.gatehouse.enrollment.http.JsonBodies;
import io.gatehouse.enrollment.http.Request;
import io.gatehouse.enrollment.http.Route;
import io.gatehouse.identity.RefusalReason;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code /.well-known/gatehouse/device}: what the service tells a device of itself, by the certificate that it shows. */
public final class DeviceEndpoint {
    private final DescribeDevice describe;
    private final DeviceAnswers answers;

    public DeviceEndpoint(DescribeDevice describe, DeviceAnswers answers) {
        this.describe = describe;
        this.answers = answers;
    }

    public List<Route> routes() {
        return List.of(Route.get("/.well-known/gatehouse/device", this::device));
    }

    private record Shown(
            String device,
            String state,
            @Nullable String reason,
            String renewFrom,
            String renewUntil,
            String broker,
            String time) {}

    private Answer device(Request request) {
        var outcome = describe.describe(request.peer().certificates());
        if (outcome instanceof Outcome.Refused<DescribeDevice.Description> refused) {
            return answers.refuse(request, Optional.empty(), refused.reason(), refused.detail());
        }
        var found = ((Outcome.Done<DescribeDevice.Description>) outcome).value();
        return JsonBodies.answer(
                        200,
                        new Shown(
                                found.device().value(),
                                found.state(),
                                found.reason().map(RefusalReason::word).orElse(null),
                                DeviceAnswers.seconds(found.window().from()),
                                DeviceAnswers.seconds(found.window().until()),
                                found.broker(),
                                found.time().toString()))
                .with("Cache-Control", "no-store");
    }
}
