package io.gatehouse.enrollment.app.port;

import java.security.cert.X509Certificate;
import java.util.List;

/** The devices CAs whose keys this service has open. Thread-safe. */
public interface DevicesCas {
    /** By generation. */
    List<Named> all();

    /**
     * Uses them so from now on.
     *
     * @param issuing the generation whose key signs device certificates
     * @param trusted the generations that EST's cacerts and the file for relying parties name
     */
    void use(int issuing, List<Integer> trusted);

    /** @param name as in addresses */
    record Named(int generation, String name, X509Certificate certificate) {}
}
