package io.gatehouse.benchmarks;

import io.gatehouse.x509.tls.ClientIdentity;
import java.io.IOException;
import java.util.List;
import javax.net.ssl.SSLSocket;

/**
 * Devices that connect to one broker, again and again: TCP, a handshake, CONNECT, CONNACK, DISCONNECT, the end. Each connect of a
 * measured row is that of another device. Eight clients at once.
 */
final class Admitted {
    private static final int CLIENTS = 8;

    private final Broker broker;
    private final List<Device> devices;

    /** A device with its certificate. */
    record Device(String id, ClientIdentity identity) {}

    /** How a socket is opened for a device. */
    interface Opened {
        SSLSocket socket(Device device) throws IOException;
    }

    Admitted(Broker broker, List<Device> devices) {
        this.broker = broker;
        this.devices = devices;
    }

    /** So many connects, from the first device on, around as often as it takes. */
    Load.Figures connects(int count, Opened opened) {
        return Load.run(broker::cpu, CLIENTS, count, () -> number -> {
            Device device = devices.get(number % devices.size());
            MqttClient.connect(opened.socket(device), device.id()).close();
        });
    }

    /** Full handshakes over one version of TLS: first so many that are not measured, then those that are. */
    Load.Figures full(String protocol, int warmUp, int measured) {
        DeviceTls tls = DeviceTls.to(broker.port(), broker.certificate(), protocol, 1);
        if (warmUp > 0) {
            connects(warmUp, device -> tls.open(device.identity()));
        }
        return connects(measured, device -> tls.open(device.identity()));
    }

    /** The second connect of each device, which resumes the TLS 1.3 session of its first. */
    Load.Figures resumed(int measured) {
        DeviceTls tls = DeviceTls.to(broker.port(), broker.certificate(), "TLSv1.3", 2 * devices.size());
        connects(devices.size(), device -> tls.openAs(device.identity(), device.id()));
        long before = System.currentTimeMillis();
        return connects(measured, device -> {
            SSLSocket socket = tls.openAs(device.identity(), device.id());
            if (socket.getSession().getCreationTime() >= before) {
                throw new BenchFailed("the broker did not resume the session of " + device.id());
            }
            return socket;
        });
    }
}
