package io.gatehouse.enrollment.ca;

import io.gatehouse.enrollment.ca.HierarchyException.Problem;
import io.gatehouse.enrollment.ca.crl.PublishedCrl;
import io.gatehouse.enrollment.ca.ocsp.OcspIssuer;
import io.gatehouse.enrollment.config.Home;
import io.gatehouse.enrollment.config.ServiceConfig;
import io.gatehouse.x509.Certificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The two hierarchies of a home, which never meet: devices root and devices CAs (one, or more after a rotation), services root and
 * services CA. The keys of the CAs are unlocked and cannot be got at; those of the roots are not here. Thread-safe; only which devices CA
 * issues can change.
 */
public final class Hierarchies {
    private final Hierarchy devices;
    private final Hierarchy services;
    private volatile Used used;

    private record Used(Authority issuing, List<Generation> trusted) {}

    Hierarchies(Hierarchy devices, Hierarchy services) {
        this.devices = devices;
        this.services = services;
        this.used = new Used(
                devices.first(),
                devices.authorities().stream().map(Authority::name).toList());
    }

    /**
     * Makes the hierarchies of a home that has none, and opens them; opens those that are there. A power cut at any moment leaves a home
     * for which this can be called again. The passphrase is not kept.
     *
     * @throws HierarchyException when a person has to mend something first
     */
    public static Hierarchies create(ServiceConfig config, Home home, char[] passphrase, InstantSource clock) {
        var files = new HierarchyFiles(home.create());
        requirePassphrase(home, passphrase);
        HierarchyReader.requireOwnerAlone(home.secrets(), "chmod 700 ");
        alone(files, writer -> {
            writer.finish();
            if (files.noneIsThere()) {
                var random = new SecureRandom();
                var tag = NewHierarchy.homeTag(random);
                var now = clock.instant();
                writer.write(
                        NewHierarchy.ofDevices(config, tag, now, random),
                        NewHierarchy.ofServices(config, tag, now, random),
                        passphrase);
            }
        });
        return open(config, home, passphrase);
    }

    /**
     * Opens the hierarchies of a home. The passphrase is not kept.
     *
     * @throws HierarchyException when a person has to mend something first
     */
    public static Hierarchies open(ServiceConfig config, Home home, char[] passphrase) {
        var files = new HierarchyFiles(home);
        requirePassphrase(home, passphrase);
        if (Files.isDirectory(files.complete())) {
            // the power went while init moved its files into place: moving is all that is left to do
            alone(files, HierarchyWriter::finish);
        }
        requireFiles(files);
        return new HierarchyReader(files, config, new SecureRandom()).read(passphrase);
    }

    /** New hierarchies that nothing writes down: they end with the process. For tests and trials. */
    public static Hierarchies inMemory(ServiceConfig config, InstantSource clock) {
        var random = new SecureRandom();
        var tag = NewHierarchy.homeTag(random);
        var now = clock.instant();
        return new Hierarchies(
                NewHierarchy.ofDevices(config, tag, now, random).opened(),
                NewHierarchy.ofServices(config, tag, now, random).opened());
    }

    /** Whether a home has authorities, or what is left of some; also when an interrupted init has yet to put them into place. */
    public static boolean areThere(Home home) {
        var files = new HierarchyFiles(home);
        return Files.isDirectory(files.complete()) || !files.noneIsThere();
    }

    /** Whether a home still holds the root keys, which are to be taken away. */
    public static boolean rootKeysAreHere(Home home) {
        return Files.exists(new HierarchyFiles(home).rootKeys());
    }

    /** The certificate of the first authority in a role. */
    public X509Certificate certificate(AuthorityName name) {
        return switch (name) {
            case DEVICES_ROOT -> devices.root();
            case DEVICES -> devices.first().certificate();
            case SERVICES_ROOT -> services.root();
            case SERVICES -> services.first().certificate();
        };
    }

    /** The certificate of an authority; nothing when there is none of that generation. */
    public Optional<X509Certificate> certificate(Generation generation) {
        var all = generation.role() == AuthorityName.DEVICES
                ? devices.authorities().size()
                : 1;
        if (generation.number() > all) {
            return Optional.empty();
        }
        return Optional.of(
                generation.role() == AuthorityName.DEVICES
                        ? devices.authorities().get(generation.number() - 1).certificate()
                        : certificate(generation.role()));
    }

    /** The certificate of the first authority in a role, in DER; a new array at each call. */
    public byte[] certificateDer(AuthorityName name) {
        return Certificates.der(certificate(name));
    }

    /** The authorities for which OCSP is answered: the devices CAs. Nothing that the services CA issues is ever revoked. */
    public List<OcspIssuer> ocspIssuers() {
        return devicesAuthorities().stream().map(Authority::ocspIssuer).toList();
    }

    /** Every authority of the home: roots, devices CAs by generation, services CA. */
    public List<Generation> generations() {
        var all = new ArrayList<Generation>();
        all.add(Generation.first(AuthorityName.DEVICES_ROOT));
        devices.authorities().forEach(authority -> all.add(authority.name()));
        all.add(Generation.first(AuthorityName.SERVICES_ROOT));
        all.add(services.first().name());
        return all;
    }

    /**
     * From now on this devices CA issues, and these are to be trusted. Until the first call the oldest issues, because a newer one may
     * only when every broker trusts it, and all are trusted.
     *
     * @throws IllegalArgumentException when there is no such CA
     */
    public void use(Generation generation, List<Generation> trusted) {
        var authority = devices.authorities().stream()
                .filter(each -> each.name().equals(generation))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no devices CA " + generation));
        used = new Used(authority, List.copyOf(trusted));
    }

    /** The devices CAs that are to be trusted: the issuing one first, then the others, the newest first. */
    List<Authority> trustedDevices() {
        var now = used;
        return devicesAuthorities().stream()
                .filter(each -> now.trusted().contains(each.name()))
                .toList();
    }

    /** Every devices CA whose certificates may be met: the issuing one first, then the others, the newest first. */
    List<Authority> devicesAuthorities() {
        var first = used.issuing();
        var all = new ArrayList<Authority>();
        all.add(first);
        for (int at = devices.authorities().size() - 1; at >= 0; at--) {
            var authority = devices.authorities().get(at);
            if (!authority.name().equals(first.name())) {
                all.add(authority);
            }
        }
        return all;
    }

    /** The certificates of all devices CAs, by generation. */
    public List<X509Certificate> devicesCertificates() {
        return devices.authorities().stream().map(Authority::certificate).toList();
    }

    /** The devices CA that issues now. */
    Authority devices() {
        return used.issuing();
    }

    Authority services() {
        return services.first();
    }

    PublishedCrl devicesRootCrl() {
        return devices.rootCrl();
    }

    PublishedCrl servicesRootCrl() {
        return services.rootCrl();
    }

    /**
     * Writes the file {@code devices.pem} of a home: the devices root, then these generations of the devices CA. Done also when it is so
     * already; UncheckedIOException when it cannot be written.
     */
    public void publishTrusted(Home home, List<Generation> trusted) {
        var all = new ArrayList<X509Certificate>();
        all.add(devices.root());
        trusted.stream()
                .sorted()
                .map(generation -> certificate(generation).orElseThrow())
                .forEach(all::add);
        alone(new HierarchyFiles(home), writer -> writer.trust(all));
    }

    interface Writing {
        void with(HierarchyWriter writer) throws IOException;
    }

    static void alone(HierarchyFiles files, Writing writing) {
        var home = files.home();
        try (var channel = FileChannel.open(files.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var lock = channel.tryLock()) {
            if (lock == null) {
                throw busy(home);
            }
            writing.with(new HierarchyWriter(files));
        } catch (OverlappingFileLockException e) {
            throw busy(home);
        } catch (IOException e) {
            throw new UncheckedIOException("the authorities of " + home + " cannot be written", e);
        }
    }

    private static void requirePassphrase(Home home, char[] passphrase) {
        if (passphrase.length == 0) {
            throw new HierarchyException(
                    Problem.WRONG_PASSPHRASE, home.secrets(), "the passphrase is empty", "give one that is not");
        }
    }

    private static void requireFiles(HierarchyFiles files) {
        if (files.noneIsThere()) {
            throw new HierarchyException(
                    Problem.NOT_INITIALISED,
                    files.home().root(),
                    "this home has no authorities yet",
                    "run: gatehouse init --home " + files.home().root());
        }
        var missing = files.missing();
        if (!missing.isEmpty()) {
            throw new HierarchyException(
                    Problem.MISSING_FILE, missing.get(0), "it is missing", "restore it from a backup");
        }
    }

    private static HierarchyException busy(Home home) {
        return new HierarchyException(
                Problem.BUSY, home.root(), "another process is initialising it", "wait for that to end");
    }
}
