package io.gatehouse.admission.replica;

import io.gatehouse.admission.feed.Entry.AuthorityEntry;
import io.gatehouse.admission.feed.Entry.CertificateEntry;
import io.gatehouse.admission.feed.Entry.DeviceEntry;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.FleetName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One revision of the directory; valid only inside {@link Directory#read}. */
public interface View {
    /** Whether a whole directory was ever received; nothing else here means anything before. */
    boolean synchronised();

    /** The feed's epoch, empty before the first synchronisation. */
    String epoch();

    /** The last revision applied. */
    long revision();

    /** When the service last said that this revision is current, by this machine's clock. */
    Instant lastContact();

    /**
     * How long ago that was at least: by this machine's clock or by the time that brokers have run since, whichever is more, so that setting
     * the clock back makes nothing fresh. Not negative.
     */
    Duration age(Instant now);

    Optional<Fleet> fleet(FleetName name);

    Optional<DeviceEntry> device(DeviceId id);

    Optional<CertificateEntry> certificate(Fingerprint sha256);

    /** The devices CAs that the broker's truststore has to hold. */
    List<AuthorityEntry> authorities();

    /** How many devices, fleets and certificates there are. */
    int devices();

    int fleets();

    int certificates();
}
