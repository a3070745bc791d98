package io.gatehouse.systemtests.mqtt;

import io.gatehouse.testkit.Tools;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code mosquitto_pub} and {@code mosquitto_sub}, read by what they log with {@code -d}. */
final class Mosquitto implements Client {
    private static final Pattern CONNACK = Pattern.compile("received CONNACK \\((\\d+)\\)");
    private static final Pattern SUBACK = Pattern.compile("^Subscribed \\(mid: \\d+\\): ([\\d, ]+)");
    private static final Pattern PUBACK = Pattern.compile("received PUB(?:ACK|COMP) \\(Mid: \\d+, RC:(\\d+)\\)");
    private static final Pattern DISCONNECT = Pattern.compile("Received DISCONNECT \\((\\d+)\\)");
    /** The code of a PUBREC is not logged, this is. */
    private static final String NOT_AUTHORIZED = "failed: Not authorized.";

    private static final Pattern MESSAGE = Pattern.compile("^message (.*)");

    @Override
    public Talk start(Seat seat, Act act) {
        Tools.require("mosquitto_pub", "mosquitto_sub", "stdbuf");
        List<String> command = new ArrayList<>(List.of("stdbuf", "-oL"));
        Act.Message message = act.message();
        if (message == null) {
            command.addAll(List.of("mosquitto_sub", "-F", "message %t %p", "-q", "" + act.qos()));
            // It must subscribe to something; without an act to what no rule allows.
            List<String> filters = act.filters().isEmpty() ? List.of("nothing/to/do") : act.filters();
            filters.forEach(filter -> command.addAll(List.of("-t", filter)));
        } else {
            command.addAll(
                    List.of("mosquitto_pub", "-t", message.topic(), "-m", message.payload(), "-q", "" + message.qos()));
            if (message.retain()) {
                command.add("-r");
            }
        }
        command.addAll(List.of("-d", "-V", seat.version() == 5 ? "5" : "311", "-i", seat.clientId()));
        command.addAll(List.of("-h", "localhost", "-p", "" + seat.port()));
        command.addAll(List.of("--cafile", seat.gatehouse().trustFile().toString()));
        if (seat.held() != null) {
            var files = seat.held().writeTo(seat.files(), seat.held().sha256());
            command.addAll(List.of("--cert", files.certificates().toString()));
            command.addAll(List.of("--key", files.key().toString()));
        }
        Act.Message will = seat.will();
        if (will != null) {
            command.addAll(List.of("--will-topic", will.topic(), "--will-payload", will.payload()));
            command.addAll(List.of("--will-qos", "" + will.qos()));
            if (will.retain()) {
                command.add("--will-retain");
            }
        }
        return Program.start(command, new Log()::read);
    }

    /** Reads its lines one after the other. */
    private static final class Log {
        private boolean connecting;

        Optional<Event> read(String line) {
            if (line.endsWith("sending CONNECT")) {
                boolean again = connecting;
                connecting = true;
                // It does not tell that a connection was closed, it comes back.
                return again ? Optional.of(Event.CLOSED) : Optional.empty();
            }
            Matcher message = MESSAGE.matcher(line);
            if (message.matches()) {
                return Optional.of(new Event(Event.Kind.PUBLISH, List.of(), message.group(1)));
            }
            if (line.endsWith(NOT_AUTHORIZED)) {
                return Optional.of(Event.of(Event.Kind.PUBACK, 0x87, ""));
            }
            return coded(Event.Kind.CONNACK, CONNACK, line)
                    .or(() -> coded(Event.Kind.SUBACK, SUBACK, line))
                    .or(() -> coded(Event.Kind.PUBACK, PUBACK, line))
                    .or(() -> coded(Event.Kind.DISCONNECT, DISCONNECT, line));
        }

        private static Optional<Event> coded(Event.Kind kind, Pattern pattern, String line) {
            Matcher matcher = pattern.matcher(line);
            if (!matcher.find()) {
                return Optional.empty();
            }
            return Optional.of(new Event(
                    kind,
                    Stream.of(matcher.group(1).split(",", -1))
                            .map(String::strip)
                            .map(Integer::valueOf)
                            .toList(),
                    ""));
        }
    }
}
