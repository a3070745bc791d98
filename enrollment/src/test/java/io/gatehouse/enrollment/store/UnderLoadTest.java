package io.gatehouse.enrollment.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.admission.feed.Entry;
import io.gatehouse.admission.feed.FeedCodec;
import io.gatehouse.admission.feed.FeedLine;
import io.gatehouse.admission.feed.Parsed;
import io.gatehouse.enrollment.app.Claims;
import io.gatehouse.enrollment.app.House;
import io.gatehouse.enrollment.app.domain.Claim;
import io.gatehouse.enrollment.app.domain.DeviceFilter;
import io.gatehouse.enrollment.app.domain.Outcome;
import io.gatehouse.enrollment.app.domain.Page;
import io.gatehouse.enrollment.app.port.View.ChangeLine;
import io.gatehouse.identity.CertificateState;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.RefusalReason;
import io.gatehouse.identity.RevocationReason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnderLoadTest {
    private static final int THREADS = 32;

    @TempDir
    Path temp;

    @Test
    void thirty_two_at_a_time_enroll_and_revoke_without_holes_or_contradictions() throws Exception {
        try (var house = new House(temp.resolve("gatehouse.db")).withFleet()) {
            run(thread -> {
                for (int i = 0; i < 4; i++) {
                    var gadget = house.gadget("d-" + thread + "-" + i);
                    gadget.enrolled();
                    if (i % 2 == 0) {
                        House.done(house.devices.revoke(
                                House.ADMIN, gadget.id(), RevocationReason.UNSPECIFIED, Duration.ZERO));
                    }
                }
                return true;
            });

            assertThat(house.audit.verify().holds()).isTrue();
            var lines = house.registry.read(view -> view.changes(0, 100_000));
            assertThat(lines)
                    .extracting(ChangeLine::revision)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, lines.size()).boxed().toList());
            assertThat(replayed(lines)).isEqualTo(stored(house));
        }
    }

    @Test
    void of_many_who_race_on_one_claim_one_key_wins_and_gets_one_certificate() throws Exception {
        try (var house = new House(temp.resolve("gatehouse.db")).withFleet()) {
            var gadget = house.gadget("d-1");
            String secret = gadget.claim().secret().orElseThrow();
            var answers = run(thread -> {
                var racer = house.gadget("d-1");
                if (thread % 2 == 0) {
                    racer.key(gadget.key());
                }
                return racer.tryEnroll(secret);
            });

            var given = answers.stream()
                    .filter(answer -> answer instanceof Outcome.Done)
                    .map(answer -> Fingerprint.sha256(House.done(answer).der()))
                    .distinct()
                    .toList();
            assertThat(given).hasSize(1);
            assertThat(house.certificates(gadget.id())).hasSize(1);
            answers.stream()
                    .filter(answer -> answer instanceof Outcome.Refused)
                    .forEach(answer -> assertThat(House.reason(answer)).isEqualTo(RefusalReason.KEY_MISMATCH));
        }
    }

    @Test
    void of_many_who_race_on_a_fleets_claim_as_many_win_as_it_has_uses() throws Exception {
        try (var house = new House(temp.resolve("gatehouse.db")).withFleet()) {
            var wanted = new Claims.NewClaim(
                    House.FLEET,
                    Optional.empty(),
                    Optional.of(5),
                    Optional.empty(),
                    false,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
            var made = House.done(house.claims.create(House.ADMIN, wanted));
            var answers = run(thread ->
                    house.gadget("d-" + thread).tryEnroll(made.secret().orElseThrow()));

            assertThat(answers.stream().filter(Outcome.Done.class::isInstance)).hasSize(5);
            assertThat(stored(house)).hasSize(5);
            var claim = house.registry.<Claim>read(
                    view -> view.claim(made.claim().id()).orElseThrow());
            assertThat(claim.used()).isEqualTo(5);
            answers.stream()
                    .filter(Outcome.Refused.class::isInstance)
                    .forEach(answer -> assertThat(House.reason(answer)).isEqualTo(RefusalReason.CLAIM_SPENT));
        }
    }

    /** One task a thread, all at once. */
    private static <T> List<T> run(Task<T> task) throws Exception {
        var pool = Executors.newFixedThreadPool(THREADS);
        try {
            var tasks = new ArrayList<Callable<T>>();
            for (int i = 0; i < THREADS; i++) {
                int thread = i;
                tasks.add(() -> task.run(thread));
            }
            var results = new ArrayList<T>();
            for (Future<T> future : pool.invokeAll(tasks)) {
                results.add(future.get());
            }
            return results;
        } finally {
            pool.shutdownNow();
        }
    }

    private interface Task<T> {
        T run(int thread) throws Exception;
    }

    /** What somebody believes who has read every line. */
    static Map<Fingerprint, CertificateState> replayed(List<ChangeLine> lines) {
        var states = new HashMap<Fingerprint, CertificateState>();
        for (var line : lines) {
            var change = (FeedLine.Change) ((Parsed.Value<FeedLine>) FeedCodec.read(line.line())).value();
            for (var entry : change.entries()) {
                if (entry instanceof Entry.CertificateEntry certificate) {
                    states.put(certificate.sha256(), certificate.state());
                }
            }
        }
        return states;
    }

    static Map<Fingerprint, CertificateState> stored(House house) {
        var states = new HashMap<Fingerprint, CertificateState>();
        var devices = House.done(house.devices.list(DeviceFilter.ALL, new Page(Optional.empty(), 1000)));
        for (var device : devices.items()) {
            house.registry
                    .read(view -> view.certificatesOf(device.id(), 100))
                    .forEach(certificate -> states.put(certificate.sha256(), certificate.shownState()));
        }
        return states;
    }
}
