package io.gatehouse.enrollment.feed;

import static io.gatehouse.enrollment.app.House.ADMIN;
import static io.gatehouse.enrollment.app.House.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.enrollment.app.Brokers;
import io.gatehouse.enrollment.app.EnrollNode;
import io.gatehouse.enrollment.app.House;
import io.gatehouse.enrollment.app.port.View;
import io.gatehouse.enrollment.est.DeviceAnswers;
import io.gatehouse.enrollment.est.DeviceRefusals;
import io.gatehouse.enrollment.http.Answer;
import io.gatehouse.enrollment.http.Peer;
import io.gatehouse.enrollment.http.Request;
import io.gatehouse.identity.BrokerName;
import io.gatehouse.testkit.Keys;
import io.gatehouse.x509.Pkcs10Request;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is on its way to a broker ends with the broker, whether it is removed or another node gets its name. */
class RemovedBrokerTest {
    private static final BrokerName B1 = BrokerName.of("b1");
    private static final Duration AT_ONCE = Duration.ofSeconds(5);

    @TempDir
    Path temp;

    @TempDir
    Path spool;

    private House house;
    private X509Certificate certificate;
    private FeedEndpoint endpoint;

    @BeforeEach
    void open() {
        house = new House(temp.resolve("gatehouse.db")).withFleet();
        done(house.brokers.enroll(ADMIN, B1));
        certificate = done(house.brokers.certificate(B1, Brokers.Use.FEED, request()));
        var answers = new DeviceAnswers(new DeviceRefusals(), house.refusals, house.clock);
        endpoint = new FeedEndpoint(
                house.hub, house.restorations, new BrokerDoor(house.brokers, answers), spool, house.clock);
    }

    @AfterEach
    void close() {
        house.close();
    }

    @ParameterizedTest
    @CsvSource({"false,REMOVED", "true,REMOVED", "false,REPLACED", "true,REPLACED"})
    void loses_at_once_what_it_is_given_though_it_takes_nothing_of_it(boolean live, End end) throws Exception {
        var answer = (Answer.Streamed) ask(live ? position() : Map.of());
        var writing = new CountDownLatch(1);
        var stream = new FutureTask<>(() -> {
            answer.source().writeTo((bytes, offset, length) -> {
                writing.countDown();
                deaf();
            });
            return true;
        });
        new Thread(stream, "stream").start();
        assertThat(writing.await(20, TimeUnit.SECONDS)).isTrue();

        end(end);

        assertThatThrownBy(() -> stream.get(AT_ONCE.toSeconds(), TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseInstanceOf(InterruptedException.class);
        assertThat(spool).isEmptyDirectory();
        assertThat(house.presence.of(B1)).as("nobody of that name was seen").isEmpty();
    }

    @Test
    void gets_no_more_of_a_snapshot_than_what_had_left() throws Exception {
        var answer = (Answer.Streamed) ask(Map.of());
        int[] sent = {0};
        assertThatThrownBy(() -> answer.source().writeTo((bytes, offset, length) -> {
                    sent[0]++;
                    end(End.REMOVED);
                }))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("b1 was removed");
        assertThat(sent[0]).isEqualTo(1);
        assertThat(spool).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource({"false,REMOVED", "true,REMOVED", "false,REPLACED", "true,REPLACED"})
    void is_refused_when_it_ends_between_the_door_and_the_feed(boolean live, End end) throws Exception {
        var query = new HashMap<String, String>(live ? position() : Map.of()) {
            private static final long serialVersionUID = 1L;

            @Override
            public String get(Object name) {
                // The endpoint asks for this after the door and before it opens anything.
                if (name.equals("after")) {
                    RemovedBrokerTest.this.end(end);
                }
                return super.get(name);
            }
        };
        var answer = ask(query);

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.headers()).anyMatch(header -> header.value().equals("unknown-certificate"));
        assertThat(house.presence.of(B1).filter(seen -> seen.streams() > 0)).isEmpty();
    }

    private static void deaf() throws IOException {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            throw (IOException) new InterruptedIOException("interrupted").initCause(e);
        }
    }

    private enum End {
        REMOVED,
        REPLACED
    }

    private void end(End end) {
        if (end == End.REMOVED) {
            house.brokers.remove(ADMIN, B1);
        } else {
            house.nodes.enroll(ADMIN, new EnrollNode.Order(B1, List.of("b1.example"), request(), request(), true));
        }
        house.hub.cut(B1);
    }

    private static byte[] request() {
        return Pkcs10Request.create(Keys.p256(), "b1");
    }

    private Map<String, String> position() {
        var position = house.registry.read(View::position);
        return Map.of("epoch", position.epoch(), "after", Long.toString(position.revision()));
    }

    private Answer ask(Map<String, String> query) throws Exception {
        var route = endpoint.routes().get(0);
        var peer = new Peer(new InetSocketAddress("192.0.2.9", 4711), List.of(certificate));
        return route.endpoint()
                .answer(new Request(route, Map.of(), query, name -> Optional.empty(), new byte[0], peer));
    }
}
