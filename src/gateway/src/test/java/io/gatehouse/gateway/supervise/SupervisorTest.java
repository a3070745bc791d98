package io.gatehouse.gateway.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.enrollment.config.Home;
import io.gatehouse.enrollment.config.ServiceConfig;
import io.gatehouse.testkit.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisorTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final RestartRules QUICK = new RestartRules(
            Duration.ofMillis(10),
            Duration.ofMillis(40),
            5,
            Duration.ofSeconds(60),
            Duration.ofSeconds(20),
            Duration.ofSeconds(5));

    @TempDir
    Path directory;

    private final List<String> told = new CopyOnWriteArrayList<>();
    private Home home;
    private RunFiles files;

    @BeforeEach
    void lock() {
        home = new Home(directory).create();
        files = RunFiles.lockWhole(home).orElseThrow();
    }

    @AfterEach
    void unlock() {
        files.close();
    }

    @Test
    void parts_run_until_it_is_closed_and_end_with_their_pipe() throws Exception {
        Part a = shell("a", "touch ready-a; cat > /dev/null; echo gone > end-a");
        Part b = shell("b", "touch ready-b; cat > /dev/null");
        Supervisor supervisor = supervisor(QUICK, a, b);
        supervisor.start();

        assertThat(supervisor.awaitReady()).isTrue();
        long pid = Long.parseLong(Files.readString(home.pid("a")).strip());
        assertThat(ProcessHandle.of(pid)).isPresent();
        supervisor.close();

        assertThat(ProcessHandle.of(pid)).isEmpty();
        assertThat(home.pid("a")).doesNotExist();
        assertThat(supervisor.failure()).isEmpty();
    }

    @Test
    void a_part_that_dies_is_started_again_while_the_other_goes_on() throws Exception {
        Part stable = shell("stable", "touch ready-stable; cat > /dev/null");
        Part mortal = shell("mortal", "touch ready-mortal; cat > /dev/null");
        try (Supervisor supervisor = supervisor(QUICK, stable, mortal)) {
            supervisor.start();
            assertThat(supervisor.awaitReady()).isTrue();
            String stablePid = Files.readString(home.pid("stable"));
            String first = Files.readString(home.pid("mortal"));

            ProcessHandle.of(Long.parseLong(first.strip())).orElseThrow().destroyForcibly();

            Await.until(
                    "another process of the same part",
                    SOON,
                    () -> supervisor.isReady()
                            && !Files.readString(home.pid("mortal")).equals(first));
            assertThat(Files.readString(home.pid("stable"))).isEqualTo(stablePid);
            assertThat(told)
                    .anyMatch(line -> line.startsWith("mortal ended with exit code 137; it is started again in 10 ms"));
        }
    }

    @Test
    void five_deaths_stop_everything_and_say_which_part() throws Exception {
        Part stable = shell("stable", "touch ready-stable; cat > /dev/null");
        Part dying = shell("dying", "echo x >> starts; exit 3");
        try (Supervisor supervisor = supervisor(QUICK, stable, dying)) {
            supervisor.start();

            assertThat(supervisor.awaitReady()).isFalse();
            assertThat(supervisor.awaitStop())
                    .hasValueSatisfying(why -> assertThat(why.reason())
                            .startsWith("dying died 5 times within 60 s, the last time with exit code 3")
                            .contains("dying.log"));
        }
        assertThat(Files.readAllLines(directory.resolve("starts"))).hasSize(5);
        assertThat(home.pid("stable")).doesNotExist();
    }

    @Test
    void a_part_that_only_a_person_can_mend_is_not_tried_again() throws Exception {
        Part wrong = shell("wrong", "echo x >> starts; echo wrong passphrase; exit 2");
        try (Supervisor supervisor = supervisor(QUICK, wrong)) {
            supervisor.start();
            assertThat(supervisor.awaitStop())
                    .hasValue(new Failure("wrong cannot run like this: wrong passphrase", true));
        }
        assertThat(Files.readAllLines(directory.resolve("starts"))).hasSize(1);
    }

    @Test
    void a_part_that_does_not_get_ready_stops_everything() throws Exception {
        RestartRules impatient = new RestartRules(
                Duration.ofMillis(10),
                Duration.ofMillis(10),
                5,
                Duration.ofSeconds(60),
                Duration.ofMillis(300),
                Duration.ofSeconds(5));
        try (Supervisor supervisor = supervisor(impatient, shell("slow", "cat > /dev/null"))) {
            supervisor.start();
            assertThat(supervisor.awaitStop())
                    .hasValueSatisfying(why -> assertThat(why.reason()).startsWith("slow was not ready within"));
        }
    }

    @Test
    void a_program_that_is_not_there_stops_everything() throws Exception {
        Part missing = new Part(
                "missing",
                List.of("/nonexistent/program"),
                Optional.empty(),
                directory.resolve("missing.log"),
                () -> false);
        try (Supervisor supervisor = supervisor(QUICK, missing)) {
            supervisor.start();
            assertThat(supervisor.awaitStop())
                    .hasValueSatisfying(why -> assertThat(why.reason()).contains("missing cannot be started"));
        }
    }

    @Test
    void a_child_that_ignores_its_end_is_killed() throws Exception {
        RestartRules shortly = new RestartRules(
                Duration.ofMillis(10),
                Duration.ofMillis(10),
                5,
                Duration.ofSeconds(60),
                Duration.ofSeconds(20),
                Duration.ofMillis(200));
        Supervisor supervisor = supervisor(
                shortly, shell("deaf", "trap '' TERM; touch ready-deaf; while true; do read line < /dev/zero; done"));
        supervisor.start();
        assertThat(supervisor.awaitReady()).isTrue();
        long pid = Long.parseLong(Files.readString(home.pid("deaf")).strip());

        supervisor.close();

        assertThat(ProcessHandle.of(pid)).isEmpty();
        assertThat(told).anyMatch(line -> line.contains("is killed"));
    }

    @Test
    void a_secret_comes_by_the_pipe_at_every_start() throws Exception {
        Part part = new Part(
                "reader",
                List.of(
                        "/bin/sh",
                        "-c",
                        "cd " + directory + "; read word; echo $word >> words; touch ready-reader; cat > /dev/null"),
                Optional.of(new Passphrase("open-sesame".toCharArray())),
                directory.resolve("reader.log"),
                marker("reader"));
        try (Supervisor supervisor = supervisor(QUICK, part)) {
            supervisor.start();
            assertThat(supervisor.awaitReady()).isTrue();
            long pid = Long.parseLong(Files.readString(home.pid("reader")).strip());
            ProcessHandle.of(pid).orElseThrow().destroyForcibly();
            Await.until(
                    "two words",
                    SOON,
                    () -> Files.readAllLines(directory.resolve("words")).equals(List.of("open-sesame", "open-sesame")));
        }
    }

    @Test
    void delays_double_up_to_the_longest() {
        RestartRules rules = RestartRules.standard();
        assertThat(List.of(1, 2, 3, 4, 5, 6, 7, 100).stream()
                        .map(n -> rules.delay(n).toSeconds()))
                .containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L, 30L);
    }

    @Test
    void a_second_supervisor_of_a_home_is_refused_until_the_first_has_ended() {
        assertThat(RunFiles.lockWhole(home)).isEmpty();
        assertThat(RunFiles.lockPart(home, "broker")).isEmpty();
        files.close();
        files = RunFiles.lockWhole(home).orElseThrow();
        assertThat(home.pid("up"))
                .hasContent(Long.toString(ProcessHandle.current().pid()));
    }

    @Test
    void the_ports_are_shown_while_it_runs_and_not_after() throws IOException {
        Files.writeString(home.portsJson(), "of one that was killed");
        files.close();
        files = RunFiles.lockWhole(home).orElseThrow();
        assertThat(home.portsJson()).doesNotExist();

        files.writePorts(ServiceConfig.defaults());
        assertThat(home.portsJson())
                .hasContent("{\"enroll\":8443,\"admin\":8444,\"pki\":8080,\"mqtt\":8883,\"wss\":null}");
        files.close();
        assertThat(home.portsJson()).doesNotExist();
        assertThat(home.pid("up")).doesNotExist();
    }

    private Supervisor supervisor(RestartRules rules, Part... parts) {
        return new Supervisor(List.of(parts), rules, files, told::add);
    }

    private Part shell(String name, String script) {
        List<String> command = List.of("/bin/sh", "-c", "cd " + directory + "; " + script);
        return new Part(name, command, Optional.empty(), directory.resolve(name + ".log"), marker(name));
    }

    private Part.Readiness marker(String name) {
        Path marker = directory.resolve("ready-" + name);
        return new Part.Readiness() {
            @Override
            public boolean isReady() {
                return Files.exists(marker);
            }

            @Override
            public void reset() {
                marker.toFile().delete();
            }
        };
    }
}
