package io.gatehouse.enrollment.ca;

import io.gatehouse.enrollment.app.domain.CertificateStatus;
import io.gatehouse.enrollment.app.port.Registry;
import io.gatehouse.enrollment.app.port.StatusListener;
import io.gatehouse.enrollment.ca.crl.PublishedCrl;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the CRLs of all authorities current: those of the roots were signed ahead, those of the CAs are made anew every day, and those
 * of the devices CAs soon after a revocation, but so seldom that making CRLs takes no more than a twentieth of the time, and a large one no
 * more often than it can be fetched at 1 MB a second. What cannot be made is tried again; until then the last one is served. Thread-safe; nothing waits for a CRL but {@link #start()}.
 */
public final class ScheduledCrls implements StatusListener {
    /** How long a relying party may go without a new one. */
    public static final Duration LIFETIME = Duration.ofDays(7);

    /** How old a CRL becomes at most, while the service runs. */
    public static final Duration REISSUED_AFTER = Duration.ofDays(1);

    private static final Logger LOG = LoggerFactory.getLogger(ScheduledCrls.class);
    private static final Duration WATCH = Duration.ofMinutes(1);
    private static final Duration LEAST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);
    private static final int PAUSE_FACTOR = 20;
    /** As slowly as it may be fetched again: whoever reads a replaced one holds its memory meanwhile. */
    private static final long NANOS_PER_BYTE = 1_000;

    private final Hierarchies hierarchies;
    private final List<CrlPublication> devices;
    private final CrlPublication services;
    private final Registry registry;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final DelayedExecutor executor;

    private final AtomicBoolean due = new AtomicBoolean();
    private volatile long devicesNotBefore;
    private final Map<Generation, PublishedCrl> made = new ConcurrentHashMap<>();
    private Duration retry = LEAST_PAUSE;

    /**
     * @param nanoTime a monotonic clock, such as {@code System::nanoTime}
     * @param executor one thread, on which all CRLs are made
     */
    public ScheduledCrls(
            Hierarchies hierarchies,
            Registry registry,
            InstantSource clock,
            LongSupplier nanoTime,
            DelayedExecutor executor) {
        this.hierarchies = hierarchies;
        this.devices = hierarchies.devicesAuthorities().stream()
                .map(authority -> new CrlPublication(authority, registry, clock, LIFETIME))
                .toList();
        this.services = new CrlPublication(hierarchies.services(), registry, clock, LIFETIME);
        this.registry = registry;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.executor = executor;
        this.devicesNotBefore = nanoTime.getAsLong();
    }

    /** Makes the first CRLs of this run, whatever the last run left, and begins to watch them. To be called once. */
    public void start() {
        registry.listen(this);
        issueDevices();
        issueServices();
        executor.after(WATCH, this::watch);
    }

    /** A CRL is due, as soon as the one before it is old enough. */
    void changed() {
        if (due.compareAndSet(false, true)) {
            var wait = Math.max(0, devicesNotBefore - nanoTime.getAsLong());
            executor.after(Duration.ofNanos(wait), this::reissueDevices);
        }
    }

    @Override
    public void committed(List<CertificateStatus> statuses) {
        boolean listed = false;
        for (var status : statuses) {
            for (var publication : devices) {
                listed |= publication.changed(status);
            }
        }
        if (listed) {
            changed();
        }
    }

    /** The CRL of the first authority in that role as it is now. Only after {@link #start()}. */
    public PublishedCrl current(AuthorityName name) {
        return current(Generation.first(name));
    }

    /** The CRL of that authority, which is one of the home's, as it is now. Only after {@link #start()}. */
    public PublishedCrl current(Generation name) {
        var crl = switch (name.role()) {
            case DEVICES_ROOT -> hierarchies.devicesRootCrl();
            case SERVICES_ROOT -> hierarchies.servicesRootCrl();
            case DEVICES, SERVICES -> made.get(name);
        };
        if (crl == null) {
            throw new IllegalStateException("no CRL before start");
        }
        return crl;
    }

    private void reissueDevices() {
        // before reading: what changes from here on asks for one more
        due.set(false);
        try {
            issueDevices();
            retry = LEAST_PAUSE;
        } catch (RuntimeException e) {
            LOG.error("the CRLs of the devices CAs cannot be made; again in {}", retry, e);
            if (due.compareAndSet(false, true)) {
                executor.after(retry, this::reissueDevices);
            }
            retry = shorter(retry.multipliedBy(2), LONGEST_RETRY);
        }
    }

    /** By the wall clock, because a machine that slept has CRLs that aged. */
    private void watch() {
        try {
            if (devices.stream().anyMatch(each -> isOld(current(each.name())))) {
                changed();
            }
            if (isOld(current(services.name()))) {
                issueServices();
            }
        } catch (RuntimeException e) {
            LOG.error("the CRL of the services CA cannot be made; again in {}", WATCH, e);
        } finally {
            executor.after(WATCH, this::watch);
        }
    }

    /** Also when it is of a time to come, by a clock that was ahead: no relying party takes it. */
    private boolean isOld(PublishedCrl crl) {
        var now = clock.instant();
        return now.isBefore(crl.thisUpdate()) || !now.isBefore(crl.thisUpdate().plus(REISSUED_AFTER));
    }

    /** One at a time, so that an older CRL never takes the place of a newer one. */
    private synchronized void issueDevices() {
        var begin = nanoTime.getAsLong();
        devices.forEach(this::issue);
        var end = nanoTime.getAsLong();
        long bytes = devices.stream()
                .mapToLong(publication -> current(publication.name()).der().length)
                .sum();
        var pause = Math.max(PAUSE_FACTOR * (end - begin), NANOS_PER_BYTE * bytes);
        devicesNotBefore = end + Math.max(LEAST_PAUSE.toNanos(), pause);
    }

    private synchronized void issueServices() {
        issue(services);
    }

    private void issue(CrlPublication publication) {
        var crl = publication.issue();
        made.put(publication.name(), crl);
        LOG.info("CRL {} number {} with {} entries", publication.name(), crl.number(), crl.entries());
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
