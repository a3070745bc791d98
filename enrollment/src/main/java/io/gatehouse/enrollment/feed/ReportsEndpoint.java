package io.gatehouse.enrollment.feed;

import io.gatehouse.admission.feed.Parsed;
import io.gatehouse.admission.feed.Report;
import io.gatehouse.admission.feed.ReportCodec;
import io.gatehouse.enrollment.app.Reports;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.http.Answer;
import io.gatehouse.enrollment.http.Method;
import io.gatehouse.enrollment.http.Request;
import io.gatehouse.enrollment.http.Route;
import io.gatehouse.identity.BrokerName;
import io.gatehouse.identity.RefusalReason;
import java.util.List;

/** {@code POST /admission/v1/reports}: what a broker says it has seen and done. */
public final class ReportsEndpoint {
    private final Reports reports;
    private final BrokerDoor door;

    public ReportsEndpoint(Reports reports, BrokerDoor door) {
        this.reports = reports;
        this.door = door;
    }

    public List<Route> routes() {
        return List.of(
                Route.withBody(Method.POST, "/admission/v1/reports", Report.MAX_BYTES, door.guarding(this::report)));
    }

    private Answer report(BrokerName broker, Request request) {
        var parsed = ReportCodec.read(request.body());
        if (parsed instanceof Parsed.Value<Report> report) {
            var outcome = reports.accept(broker, report.value());
            return outcome instanceof Outcome.Refused<Boolean> refused
                    ? door.refuse(request, refused.reason(), refused.detail())
                    : Answer.empty(204);
        }
        var problem = parsed instanceof Parsed.Malformed<Report> malformed ? malformed.problem() : "an unknown kind";
        return door.refuse(request, RefusalReason.BAD_REQUEST, problem);
    }
}
