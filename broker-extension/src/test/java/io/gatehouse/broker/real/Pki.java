package io.gatehouse.broker.real;

import io.gatehouse.testkit.HeldCertificate;
import io.gatehouse.testkit.TestAuthority;

/** Both hierarchies of an installation, as the service would have made them. */
final class Pki {
    final TestAuthority devicesRoot = TestAuthority.root("Devices root");
    final TestAuthority devicesCa = devicesRoot.intermediate("Devices CA");
    final TestAuthority servicesRoot = TestAuthority.root("Services root");
    final TestAuthority servicesCa = servicesRoot.intermediate("Services CA");
    final HeldCertificate service = servicesCa.server(
            order -> order.commonName("enrollment").uri("spiffe://gatehouse.internal/service/enrollment"));
    final HeldCertificate server =
            servicesCa.server(order -> order.commonName("b1").uri("spiffe://gatehouse.internal/broker/b1"));
    final HeldCertificate feed = servicesCa.server(order -> order.noNames()
            .commonName("b1")
            .uri("spiffe://gatehouse.internal/broker/b1")
            .clientAuth());

    HeldCertificate device(String id) {
        return devicesCa.device(id);
    }
}
