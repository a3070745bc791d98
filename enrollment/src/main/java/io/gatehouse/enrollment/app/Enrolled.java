package io.gatehouse.enrollment.app;

import io.gatehouse.enrollment.app.domain.RenewalWindow;
import io.gatehouse.identity.DeviceId;

/** A certificate for a device, its DER, and when to renew it. */
@SuppressWarnings("ArrayRecordComponent") // sent, never compared
public record Enrolled(DeviceId device, byte[] der, RenewalWindow window) {}
