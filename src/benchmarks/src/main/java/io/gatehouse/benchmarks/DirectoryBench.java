package io.gatehouse.benchmarks;

import io.gatehouse.enrollment.ca.crl.CrlEncoder;
import io.gatehouse.enrollment.ca.crl.CrlIssuer;
import io.gatehouse.enrollment.ca.crl.RevokedSet;
import io.gatehouse.enrollment.keys.CryptoProvider;
import io.gatehouse.enrollment.keys.SoftwareKey;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import javax.security.auth.x500.X500Principal;

/**
 * What a large directory costs a broker, see {@link MillionDevices}; and how long a large CRL takes from a revocation to its signed bytes, in this process and with the service's own classes: the change is put into
 * the list in memory, the list is settled, encoded and signed. Not in it is the commit that makes the CRL's number durable, which does not
 * depend on the size. Filling the list, which the service does at its start and once a day, is told apart, without the database.
 */
public final class DirectoryBench extends PlainBench {
    private static final int ROUNDS = 11;
    private static final int WARM_UP = 3;
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final Instant END = NOW.plus(Duration.ofDays(90));

    @Override
    public String name() {
        return "directory";
    }

    @Override
    public String description() {
        return "a directory of 1,000,000 devices at a broker; CRLs of 100,000 and of 1,000,000 entries, from a revocation to the signed list";
    }

    @Override
    Report measure(PrintStream err) throws IOException {
        CryptoProvider provider = CryptoProvider.installFirst();
        Report report = new Report("directory", provider.name() + " " + provider.version());
        MillionDevices.measure(report, 1_000_000, err);
        crl(report, 100_000);
        crl(report, 1_000_000);
        return report;
    }

    static void crl(Report report, int entries) {
        KeyPair pair = SoftwareKey.generate();
        CrlEncoder encoder = new CrlEncoder(new CrlIssuer(
                new X500Principal("CN=Devices CA,O=Gatehouse").getEncoded(),
                new byte[20],
                SoftwareKey.of(pair.getPrivate(), pair.getPublic())::sign));
        Random random = new SecureRandom();
        long start = System.nanoTime();
        RevokedSet set = new RevokedSet();
        for (int i = 0; i < entries - ROUNDS; i++) {
            set.fill(new BigInteger(128, random).setBit(0), NOW.minusSeconds(i % 1_000_000), i % 2, END);
        }
        set.filled();
        set.settle(NOW);
        double fill = Millis.between(start, System.nanoTime()) / 1_000;
        double[] seconds = new double[ROUNDS];
        int bytes = 0;
        for (int round = 0; round < ROUNDS; round++) {
            start = System.nanoTime();
            set.put(new BigInteger(128, random).setBit(0), NOW, 1, END);
            bytes = encoder.encode(set.settle(NOW), BigInteger.valueOf(round + 1), NOW, END)
                    .der()
                    .length;
            seconds[round] = Millis.between(start, System.nanoTime()) / 1_000;
        }
        double[] warm = Arrays.copyOfRange(seconds, WARM_UP, ROUNDS);
        report.row("crl-" + entries)
                .count("n", warm.length)
                .figure("writeSeconds", Millis.of(warm).percentile(50))
                .figure("slowestWriteSeconds", Millis.of(warm).percentile(100))
                .figure("coldWriteSeconds", seconds[0])
                .figure("fillSeconds", fill)
                .figure("megabytes", bytes / 1e6);
    }
}
