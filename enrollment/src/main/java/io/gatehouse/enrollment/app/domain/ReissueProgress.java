package io.gatehouse.enrollment.app.domain;

/**
 * How far an order to renew has come, in certificates: a device counts as done when the one that it had has been replaced or revoked.
 *
 * @param total certificates that the order concerns
 * @param left those that are still in use, or would be if they had not expired meanwhile
 */
public record ReissueProgress(Reissue order, long total, long left) {
    public long done() {
        return total - left;
    }
}
