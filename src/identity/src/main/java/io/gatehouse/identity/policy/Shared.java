package io.gatehouse.identity.policy;

/** Which subscriptions a rule is for: all, none that is shared, or only shared ones (MQTT 5, section 4.8.2). */
public enum Shared {
    ANY,
    NEVER,
    ONLY;

    boolean allows(boolean shared) {
        return this == ANY || shared == (this == ONLY);
    }
}
