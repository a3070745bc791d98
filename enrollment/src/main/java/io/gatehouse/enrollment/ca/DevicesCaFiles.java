package io.gatehouse.enrollment.ca;

import io.gatehouse.enrollment.app.port.DevicesCas;
import io.gatehouse.enrollment.config.Home;
import java.io.UncheckedIOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The devices CAs of a home's hierarchies, and the file by which relying parties trust them. Thread-safe. */
public final class DevicesCaFiles implements DevicesCas {
    private static final Logger LOG = LoggerFactory.getLogger(DevicesCaFiles.class);

    private final Hierarchies hierarchies;
    private final Home home;

    public DevicesCaFiles(Hierarchies hierarchies, Home home) {
        this.hierarchies = hierarchies;
        this.home = home;
    }

    @Override
    public List<Named> all() {
        return hierarchies.generations().stream()
                .filter(generation -> generation.role() == AuthorityName.DEVICES)
                .map(generation -> new Named(
                        generation.number(),
                        generation.word(),
                        hierarchies.certificate(generation).orElseThrow()))
                .toList();
    }

    @Override
    public synchronized void use(int issuing, List<Integer> trusted) {
        var generations = trusted.stream().map(DevicesCaFiles::devices).toList();
        hierarchies.use(devices(issuing), generations);
        try {
            hierarchies.publishTrusted(home, generations);
        } catch (UncheckedIOException | HierarchyException e) {
            // Relying parties miss a change, devices and brokers do not; the next start writes it.
            LOG.error("{} cannot be brought up to date", home.devicesPem(), e);
        }
    }

    private static Generation devices(int number) {
        return new Generation(AuthorityName.DEVICES, number);
    }
}
