package io.gatehouse.gateway.cli;

import io.gatehouse.enrollment.config.ConfigException;
import io.gatehouse.enrollment.config.FreePorts;
import io.gatehouse.enrollment.config.Home;
import io.gatehouse.enrollment.config.ServiceConfig;
import io.gatehouse.enrollment.config.Setting;
import io.gatehouse.enrollment.config.Settings;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Sees to it that a port which another program has is told as what it is, before a part stumbles over it. */
final class Ports {
    /** Parts of a supervisor that was killed need a moment to end. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final Home home;
    private final ServiceConfig config;

    Ports(Home home, ServiceConfig config) {
        this.home = home;
        this.config = config;
    }

    void ofService() {
        free(Settings.ENROLL_PORT, config.bind(), config.enrollPort());
        free(Settings.ADMIN_PORT, config.adminBind(), config.adminPort());
        free(Settings.PKI_PORT, config.bind(), config.pkiPort());
    }

    void ofBroker() {
        free(Settings.MQTT_PORT, config.bind(), config.mqttPort());
        config.wssPort().ifPresent(port -> free(Settings.WSS_PORT, config.bind(), port));
    }

    private void free(Setting<Integer> setting, String address, int port) {
        if (!FreePorts.isLocal(address)) {
            Setting<String> bind = setting.equals(Settings.ADMIN_PORT) ? Settings.ADMIN_BIND : Settings.BIND;
            throw new ConfigException(home.configFile().toString(), bind.key(), address, bind.allowed());
        }
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!FreePorts.isFree(address, port)) {
            if (System.nanoTime() > deadline || Thread.currentThread().isInterrupted()) {
                throw new ConfigException(
                        home.configFile().toString(),
                        setting.key(),
                        Integer.toString(port),
                        "a port of " + address + " that no other program listens on");
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }
}
