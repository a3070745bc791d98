package io.gatehouse.broker.config;

import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * One of HiveMQ's listeners as its configuration has it.
 *
 * @param name as HiveMQ calls it, also where the configuration gives none
 * @param tls what it shows and trusts; nothing when it is not safe
 * @param reached where this machine reaches it
 * @param unsafe why nobody may get in by it: one sentence with file, key, value and what is allowed
 */
public record HivemqListener(
        String name, int port, Optional<Tls> tls, InetSocketAddress reached, Optional<String> unsafe) {
    /** Its stores. */
    public record Tls(KeystoreSettings keystore, KeystoreSettings truststore) {}
}
