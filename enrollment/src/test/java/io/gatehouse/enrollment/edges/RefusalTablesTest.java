package io.gatehouse.enrollment.edges;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.enrollment.api.Problems;
import io.gatehouse.enrollment.est.DeviceRefusals;
import io.gatehouse.enrollment.http.Answer;
import io.gatehouse.enrollment.http.Header;
import io.gatehouse.enrollment.http.RefusalForm;
import io.gatehouse.enrollment.pki.PublicRefusals;
import io.gatehouse.identity.RefusalReason;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each edge has one table from reason to status, and it has every reason. */
class RefusalTablesTest {
    private static Map<String, String> headers(Answer answer) {
        return answer.headers().stream().collect(Collectors.toMap(Header::name, Header::value));
    }

    @ParameterizedTest
    @EnumSource
    void every_reason_has_its_word_at_every_edge(RefusalReason reason) {
        for (RefusalForm form : List.of(new DeviceRefusals(), new Problems(), new PublicRefusals())) {
            var answer = form.refuse(reason, "a detail");
            var body = new String(answer.body(), StandardCharsets.UTF_8);
            boolean silent = form instanceof DeviceRefusals && (answer.status() == 401 || answer.status() == 202);
            assertThat(answer.status()).isBetween(202, 503).isNotIn(204);
            assertThat(answer.refusal()).contains(reason);
            assertThat(body.contains(reason.word())).isNotEqualTo(silent);
            if (!(form instanceof Problems)) {
                assertThat(headers(answer)).containsEntry("Gatehouse-Reason", reason.word());
            }
            if (answer.status() == 401 && !(form instanceof PublicRefusals)) {
                assertThat(headers(answer)).containsKey("WWW-Authenticate");
            }
            if (answer.status() == 429 || answer.status() == 202) {
                assertThat(form instanceof PublicRefusals || headers(answer).containsKey("Retry-After"))
                        .isTrue();
            }
            if (answer.status() == 503) {
                assertThat(headers(answer)).containsKey("Retry-After");
            }
        }
    }

    @Test
    void devices_are_answered_as_the_contract_says() {
        assertThat(DeviceRefusals.status(RefusalReason.NO_CREDENTIALS)).isEqualTo(401);
        assertThat(DeviceRefusals.status(RefusalReason.WRONG_SECRET)).isEqualTo(401);
        assertThat(DeviceRefusals.status(RefusalReason.SUSPENDED)).isEqualTo(403);
        assertThat(DeviceRefusals.status(RefusalReason.CLAIM_SPENT)).isEqualTo(403);
        assertThat(DeviceRefusals.status(RefusalReason.NAME_MISMATCH)).isEqualTo(400);
        assertThat(DeviceRefusals.status(RefusalReason.KEY_MISMATCH)).isEqualTo(409);
        assertThat(DeviceRefusals.status(RefusalReason.TOO_MANY_REQUESTS)).isEqualTo(429);
    }

    @Test
    void a_detail_stays_one_line() {
        var answer = new DeviceRefusals().refuse(RefusalReason.BAD_REQUEST, "a\r\nX: y\n" + "z".repeat(1_000));
        assertThat(new String(answer.body(), StandardCharsets.UTF_8))
                .hasLineCount(1)
                .hasSizeLessThan(400);
    }
}
