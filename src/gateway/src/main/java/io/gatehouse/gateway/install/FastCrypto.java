package io.gatehouse.gateway.install;

import java.security.Security;
import java.util.ArrayList;
import java.util.List;

/**
 * The security properties that put Amazon's Corretto Crypto Provider and that of X25519 before the JDK's own in a JVM whose code is
 * not ours. Where a class is not on the class path the JDK passes over it, and goes on with its own.
 */
final class FastCrypto {
    private static final List<String> FIRST =
            List.of("AmazonCorrettoCryptoProvider", "io.gatehouse.x25519.ConscryptX25519");

    private FastCrypto() {}

    /** To be read as {@code -Djava.security.properties}: the fast providers first, then those of this JDK in their order. */
    static String securityProperties() {
        List<String> providers = new ArrayList<>(FIRST);
        for (int i = 1; ; i++) {
            String provider = Security.getProperty("security.provider." + i);
            if (provider == null) {
                break;
            }
            if (FIRST.stream().noneMatch(provider::startsWith)) {
                providers.add(provider);
            }
        }
        StringBuilder text = new StringBuilder("# Written by gatehouse at each start.\n");
        for (int i = 0; i < providers.size(); i++) {
            text.append("security.provider.%d=%s\n".formatted(i + 1, providers.get(i)));
        }
        return text.toString();
    }
}
