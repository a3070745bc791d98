package io.gatehouse.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.enrollment.app.AuditCheckpoints;
import io.gatehouse.enrollment.app.domain.Actor;
import io.gatehouse.enrollment.ca.AuditKey;
import io.gatehouse.enrollment.config.Home;
import io.gatehouse.enrollment.store.SqliteRegistry;
import io.gatehouse.x509.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditVerifyTest {
    private static final InstantSource CLOCK = InstantSource.system();

    @TempDir
    Path directory;

    private final AuditKey key = AuditKey.inMemory();
    private Home home;
    private SqliteRegistry registry;

    @BeforeEach
    void act() throws IOException {
        home = new Home(directory.resolve("home"));
        home.create();
        Files.writeString(
                home.auditPem(), Pem.write("PUBLIC KEY", key.publicKey().getEncoded()));
        registry = SqliteRegistry.open(home.database(), CLOCK);
        registry.write(transaction -> {
            transaction.audit(new Actor("admin"), "fleet.create", "f", Map.of());
            return true;
        });
    }

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void what_nothing_vouches_for_yet_is_a_warning_and_no_failure() {
        Ended told = verify();
        assertThat(told.exit()).isEqualTo(Exit.DONE);
        assertThat(told.out()).contains("the audit is intact", "WARNING: no checkpoint vouches for any entry");
        assertThat(verify("--json").out()).contains("\"intact\":true").contains("\"warning\":\"no checkpoint vouches");

        vouch();
        assertThat(verify().out()).doesNotContain("WARNING");
        assertThat(verify("--json").out()).contains("\"warning\":null");
    }

    @Test
    void by_a_key_that_was_given_it_is_a_failure() {
        String pem = home.auditPem().toString();
        Ended told = verify("--key", pem);
        assertThat(told.exit()).isEqualTo(Exit.FAILED);
        assertThat(told.out()).contains("THE AUDIT IS NOT VOUCHED FOR: no checkpoint of a key that was given");

        vouch();
        assertThat(verify("--key", pem).exit()).isEqualTo(Exit.DONE);
    }

    @Test
    void a_log_with_which_nothing_can_be_compared_is_a_failure() throws IOException {
        vouch();
        Path log = Files.writeString(directory.resolve("log"), "somebody else's line\n");
        Ended told = verify("--checkpoints", log.toString());
        assertThat(told.exit()).isEqualTo(Exit.FAILED);
        assertThat(told.out()).contains("THE AUDIT IS NOT VOUCHED FOR: nothing can be compared");
    }

    private void vouch() {
        new AuditCheckpoints(registry, key, Optional.empty(), 1000, CLOCK).now();
    }

    private Ended verify(String... more) {
        String[] words = new String[4 + more.length];
        System.arraycopy(new String[] {"audit", "verify", "--home", home.root().toString()}, 0, words, 0, 4);
        System.arraycopy(more, 0, words, 4, more.length);
        return Ended.of(Map.of(), "", words);
    }
}
