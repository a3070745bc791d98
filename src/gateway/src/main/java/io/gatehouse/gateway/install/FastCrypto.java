package io.gatehouse.gateway.install;

import java.security.Security;
import java.util.ArrayList;
import java.util.List;

/**
 * The security properties that put Amazon's Corretto Crypto Provider before the JDK's own in a JVM whose code is not ours. Where
 * its class is not on the class path the JDK passes over it, and goes on with its own.
 */
final class FastCrypto {
    private static final String PROVIDER = "AmazonCorrettoCryptoProvider";

    private FastCrypto() {}

    /** To be read as {@code -Djava.security.properties}: the fast provider first, then those of this JDK in their order. */
    static String securityProperties() {
        List<String> providers = new ArrayList<>(List.of(PROVIDER));
        for (int i = 1; ; i++) {
            String provider = Security.getProperty("security.provider." + i);
            if (provider == null) {
                break;
            }
            if (!provider.startsWith(PROVIDER)) {
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
