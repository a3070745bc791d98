package io.gatehouse.broker.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CryptoInUseTest {
    @Test
    void the_native_provider_is_native_although_x25519_is_anothers() {
        var fastest = new CryptoInUse("AmazonCorrettoCryptoProvider", "ConscryptX25519");
        assertThat(fastest.isNative()).isTrue();
        assertThat(fastest).hasToString("AmazonCorrettoCryptoProvider, X25519 ConscryptX25519");
    }

    @Test
    void the_jdks_own_is_not_native_and_is_named_once() {
        var slow = new CryptoInUse("SunEC", "SunEC");
        assertThat(slow.isNative()).isFalse();
        assertThat(slow).hasToString("SunEC");
        assertThat(CryptoInUse.here().isNative()).as("this test's JVM").isFalse();
    }
}
