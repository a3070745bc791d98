package io.gatehouse.enrollment.http;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One log line for each refusal: the word, the route's template and the peer's address, and nothing that the peer sent. At most
 * {@value #PER_SECOND} lines a second; how many were left out is said in the next. Thread-safe.
 */
public final class RefusalLog implements Observer {
    private static final Logger LOG = LoggerFactory.getLogger("io.gatehouse.refusals");
    private static final int PER_SECOND = 20;

    private long second = Long.MIN_VALUE;
    private int lines;
    private long leftOut;

    @Override
    public void answered(Seen seen) {
        if (seen.refusal().isEmpty()) {
            return;
        }
        long missed = admit(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime()));
        if (missed < 0) {
            return;
        }
        LOG.info(
                "refused reason={} status={} port={} method={} route={} from={}{}",
                seen.refusal().get().word(),
                seen.status(),
                seen.port(),
                seen.method(),
                seen.path(),
                seen.remote(),
                missed == 0 ? "" : " leftOut=" + missed);
    }

    /** How many lines were left out before this one, or -1 when this one is left out too. */
    private synchronized long admit(long now) {
        if (now != second) {
            second = now;
            lines = 0;
        }
        if (lines >= PER_SECOND) {
            leftOut++;
            return -1;
        }
        lines++;
        long missed = leftOut;
        leftOut = 0;
        return missed;
    }
}
