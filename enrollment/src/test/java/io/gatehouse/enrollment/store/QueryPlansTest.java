package io.gatehouse.enrollment.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.enrollment.app.domain.DeviceFilter;
import io.gatehouse.identity.BrokerName;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.FleetName;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A list or a search must not cost what the registry holds: every query goes by an index and sorts nothing. */
class QueryPlansTest {
    private static final DeviceId ID = DeviceId.of("d-1");
    private static final FleetName FLEET = FleetName.of("f");
    private static final Fingerprint ANY = Fingerprint.sha256(new byte[0]);

    @TempDir
    Path temp;

    @Test
    void no_lookup_and_no_list_walks_over_a_table_or_sorts() {
        var plans = plans(view -> {
            view.fleet(FLEET);
            view.fleets("", 10);
            view.device(ID);
            for (var filter : filters()) {
                view.devices(filter, "", 10);
            }
            view.certificate(ANY);
            view.certificate("CN=x", BigInteger.ONE);
            view.certificatesOf(ID, 10);
            view.liveCertificatesOf(ID);
            view.issuedAt(ID, 20);
            view.certificates(Optional.empty(), Optional.empty(), Optional.empty(), 10);
            view.certificates(Optional.of(ID), Optional.empty(), Optional.of(ANY), 10);
            view.certificates(Optional.empty(), Optional.of(BigInteger.ONE), Optional.of(ANY), 10);
            view.keyRevokedWith(ID, ANY, Instant.EPOCH);
            view.certificateUse(ANY);
            view.fleetsTrusting(List.of(new X500Principal("CN=a"), new X500Principal("CN=b")), 10);
            view.reissues().due(ANY);
            view.reissues().of(FLEET);
            view.keyUsed(ANY);
            view.keyBarred(ANY);
            view.claim("x");
            view.claimBySecret(ANY);
            view.claims(Optional.empty(), Optional.empty(), Optional.empty(), 10);
            view.claims(Optional.of(FLEET), Optional.empty(), Optional.of("x"), 10);
            view.claims(Optional.empty(), Optional.of(ID), Optional.of("x"), 10);
            view.claims(Optional.of(FLEET), Optional.of(ID), Optional.of("x"), 10);
            view.claimedAlone(ID, Instant.EPOCH);
            view.claimUse("x", ID);
            view.pending(ID);
            view.pending("", 10);
            view.pendingOf("x", 10);
            view.pendingCount("x");
            view.broker(BrokerName.of("b1"));
            view.brokerCertificate(ANY);
            view.brokerOfKey(ANY);
            view.feedCertificateFrom(BrokerName.of("b1"), 20);
            view.audit(0, 10);
            view.auditBefore(10, 10);
            view.crl("devices");
            view.changes(0, 10);
            view.directoryEnd();
            var ended = new EndedRows(view, new HashMap<>());
            ended.remove(Instant.EPOCH, 10);
            ended.takeBack(Instant.EPOCH, 10);
            view.hasLive("CN=any", Instant.EPOCH);
            view.countLive("CN=any", Instant.EPOCH);
        });

        assertThat(plans)
                .hasSizeGreaterThan(25)
                .allSatisfy(plan ->
                        assertThat(plan).doesNotContain("TEMP B-TREE").doesNotContainPattern("SCAN (?!home|CONSTANT)"));
    }

    /** A range of row numbers is called a search, and is the whole table. */
    @Test
    void a_serial_is_found_along_its_indexes() {
        var plans =
                plans(view -> view.certificates(Optional.empty(), Optional.of(BigInteger.ONE), Optional.empty(), 10));

        assertThat(plans)
                .singleElement()
                .asString()
                .contains("certificate_by_serial", "certificate_imported_serial")
                .doesNotContain("rowid<");
    }

    @Test
    void what_walks_over_everything_does_it_row_by_row() {
        var plans = plans(view -> {
            view.snapshot(Instant.EPOCH, line -> {});
            view.audit(entry -> {});
            view.reissues().countDue(FLEET);
            view.pendingCount(10);
            view.listed("CN=any", Instant.EPOCH, entry -> {});
        });

        assertThat(plans).isNotEmpty().allSatisfy(plan -> assertThat(plan).doesNotContain("TEMP B-TREE"));
    }

    /** Thousands of an import end at the same moment. */
    @Test
    void certificates_of_one_end_are_passed_without_a_walk_over_all_of_them() {
        var plans = plans(view -> {
            view.directoryEnd();
            var ended = new EndedRows(view, new HashMap<>());
            ended.remove(Instant.now(), 10);
            ended.takeBack(Instant.EPOCH, 10);
        });

        assertThat(plans.stream().filter(plan -> plan.contains("not_after = ")))
                .hasSize(3)
                .allSatisfy(plan -> assertThat(plan)
                        .contains("certificate_by_end (not_after=? AND rowid")
                        .doesNotContain("TEMP B-TREE"));
    }

    @Test
    void who_waits_is_counted_along_an_index_of_nobody_else() {
        assertThat(plans(view -> view.pendingCount(10)))
                .singleElement()
                .asString()
                .contains("claim_use_pending");
    }

    private static List<DeviceFilter> filters() {
        var filters = new ArrayList<DeviceFilter>();
        for (var fleet : List.of(Optional.<FleetName>empty(), Optional.of(FLEET))) {
            for (var state : List.of(Optional.<String>empty(), Optional.of("active"))) {
                for (var prefix : List.of(Optional.<String>empty(), Optional.of("d-"))) {
                    filters.add(new DeviceFilter(fleet, state, prefix, Optional.empty()));
                }
            }
        }
        return filters;
    }

    private List<String> plans(Consumer<SqliteView> work) {
        var database = Database.open(temp.resolve("plans.db"));
        try (var db = database.connect()) {
            var before = db.asked();
            work.accept(new SqliteView(db));
            return db.asked().stream()
                    .filter(sql -> !before.contains(sql))
                    .map(sql -> sql + "\n" + plan(db, sql))
                    .toList();
        }
    }

    private static String plan(Sql db, String sql) {
        var details = new ArrayList<String>();
        // of nothing: the plan is the same for all values
        var nothing =
                new Object[(int) sql.chars().filter(letter -> letter == '?').count()];
        db.query(row -> row.getString("detail"), details::add, "EXPLAIN QUERY PLAN " + sql, nothing);
        return String.join("\n", details);
    }
}
