package io.gatehouse.gateway.cli;

import io.gatehouse.enrollment.config.ConfigException;
import io.gatehouse.gateway.install.HivemqHome;
import io.gatehouse.gateway.install.HivemqListeners;
import io.gatehouse.gateway.install.NodeEnrollment;
import io.gatehouse.gateway.install.ServiceAddress;
import io.gatehouse.gateway.rest.AdminClient;
import io.gatehouse.gateway.rest.Reply;
import io.gatehouse.gateway.rest.RequestRefused;
import io.gatehouse.identity.BrokerName;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "enroll",
        description =
                "make an installed HiveMQ a broker node: registers it with the service and writes its keys, certificates, stores"
                        + " and configuration into HIVEMQ_HOME/conf/gatehouse; may be interrupted and repeated")
final class BrokerNodeEnrollVerb implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private AdminOptions admin = new AdminOptions();

    @Option(
            names = "--name",
            required = true,
            paramLabel = "BROKER",
            description = "the node's name: " + BrokerName.RULE)
    private String name = "";

    @Option(
            names = "--hivemq-home",
            required = true,
            paramLabel = "DIR",
            description = "the folder of HiveMQ, with our extension unpacked in its extensions/")
    private Path hivemqHome = Path.of("");

    @Option(
            names = "--host",
            split = ",",
            paramLabel = "NAME[,NAME]",
            description =
                    "names and addresses under which devices reach this node, for its server certificate (default: those"
                            + " that it has, else the name of this machine)")
    private List<String> hosts = List.of();

    @Option(names = "--mqtt-port", paramLabel = "PORT", description = "port of the listener (default: 8883)")
    private int mqttPort = 8883;

    @Option(
            names = "--service",
            paramLabel = "URL",
            description =
                    "where the node reaches the enroll port, https://HOST:PORT; may be repeated (default: the public"
                            + " address of the service)")
    private List<String> services = List.of();

    @Option(
            names = "--write-listener",
            description =
                    "put the listener into HiveMQ's conf/config.xml where it has none or only the default one on 1883;"
                            + " the former file is kept beside it")
    private boolean writeListener;

    @Option(
            names = "--force",
            description =
                    "make a new identity even if one is in use here, or a node of that name is registered: that one is cut off")
    private boolean force;

    BrokerNodeEnrollVerb(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        BrokerName broker = BrokerName.parse(name)
                .orElseThrow(() -> new ConfigException("command line", "--name", name, BrokerName.RULE));
        if (mqttPort < 1 || mqttPort > 65_535) {
            throw new ConfigException("command line", "--mqtt-port", Integer.toString(mqttPort), "1 to 65535");
        }
        var wish = new NodeEnrollment.Wish(
                broker,
                hosts,
                services.stream().map(BrokerNodeEnrollVerb::service).toList(),
                mqttPort,
                force,
                writeListener);
        HivemqHome home = HivemqHome.at(hivemqHome);
        var client = admin.client(terminal);
        HivemqListeners listeners =
                HivemqListeners.of(home, variable -> terminal.environment().get(variable));
        var enrolled = enrolled(client, NodeEnrollment.begin(home, listeners, wish));
        Printed.show(
                terminal.out(),
                admin.json(),
                members(broker, home, enrolled),
                out -> tell(broker, home, enrolled, out));
        return Exit.DONE;
    }

    private static NodeEnrollment.Enrolled enrolled(AdminClient client, NodeEnrollment enrollment) {
        Reply reply;
        try {
            reply = client.post("/api/v1/brokers", enrollment.order());
        } catch (RequestRefused refused) {
            return enrolled(client, enrollment.after(refused.reason()).orElseThrow(() -> refused));
        }
        return enrollment.accept(reply.json());
    }

    private static URI service(String text) {
        return ServiceAddress.parse(text)
                .orElseThrow(() -> new ConfigException("command line", "--service", text, ServiceAddress.RULE));
    }

    private static Map<String, Object> members(BrokerName broker, HivemqHome home, NodeEnrollment.Enrolled enrolled) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("name", broker.value());
        members.put("names", enrolled.names());
        members.put("folder", home.gatehouse().toString());
        members.put("notAfter", enrolled.notAfter().toString());
        members.put("listenerFile", enrolled.listenerFile().map(Path::toString).orElse(null));
        members.put("done", enrolled.done());
        members.put("todo", enrolled.todo());
        return members;
    }

    private static void tell(BrokerName broker, HivemqHome home, NodeEnrollment.Enrolled enrolled, PrintStream out) {
        out.println("broker " + broker + " is enrolled, for " + String.join(", ", enrolled.names()));
        out.println("its identity is in " + home.gatehouse() + ", until " + enrolled.notAfter()
                + "; the extension renews it");
        enrolled.done().forEach(line -> out.println("also " + line));
        enrolled.todo().forEach(line -> out.println("to do: " + line));
        out.println("then start HiveMQ, or restart it; `gatehouse broker-node list` shows when it is connected");
    }
}
