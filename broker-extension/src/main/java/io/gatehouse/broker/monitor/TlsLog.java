package io.gatehouse.broker.monitor;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * Hears what HiveMQ would log of failed handshakes at DEBUG, without a change to what the operator's log shows: a filter of Logback asks
 * for these lines and throws them away again, unless the operator wants them. Nothing happens where HiveMQ logs otherwise. Thread-safe;
 * never throws.
 */
public final class TlsLog {
    private static final String HEARD = "com.hivemq.security.ssl.SslExceptionHandler";
    private static final String FAILED = "SSL Handshake failed for client with IP {}: {}";
    private static final String NOT_TLS = "sent data which is not SSL/TLS";

    private final TlsRefusals refusals;
    private final Filter filter = new Filter();

    public TlsLog(TlsRefusals refusals) {
        this.refusals = refusals;
    }

    /** Begins to listen, or goes on; to be called again and again, because a new configuration of the log takes filters away. */
    public boolean listen() {
        try {
            if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
                return false;
            }
            if (!context.getTurboFilterList().contains(filter)) {
                filter.setContext(context);
                filter.start();
                context.addTurboFilter(filter);
            }
            return true;
        } catch (RuntimeException | LinkageError e) {
            return false;
        }
    }

    public void close() {
        try {
            if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
                context.getTurboFilterList().remove(filter);
            }
        } catch (RuntimeException | LinkageError e) {
            // There was nothing to take away.
        }
    }

    private final class Filter extends TurboFilter {
        @Override
        public FilterReply decide(
                @Nullable Marker marker,
                Logger logger,
                Level level,
                @Nullable String format,
                Object @Nullable [] parameters,
                @Nullable Throwable thrown) {
            if (level != Level.DEBUG || !logger.getName().equals(HEARD)) {
                return FilterReply.NEUTRAL;
            }
            boolean unwanted = logger.getEffectiveLevel().isGreaterOrEqual(Level.INFO);
            if (format == null) {
                // HiveMQ asks whether it shall make the line at all.
                return FilterReply.ACCEPT;
            }
            hear(format, parameters);
            return unwanted ? FilterReply.DENY : FilterReply.NEUTRAL;
        }

        private void hear(String format, Object @Nullable [] parameters) {
            try {
                if (format.contains(NOT_TLS)) {
                    refusals.notTls();
                } else if (format.equals(FAILED) && parameters != null && parameters.length == 2) {
                    refusals.failed(String.valueOf(parameters[0]), String.valueOf(parameters[1]));
                }
            } catch (RuntimeException | Error e) {
                // The handshake has failed as it is; nobody else is to fail for a count.
            }
        }
    }
}
