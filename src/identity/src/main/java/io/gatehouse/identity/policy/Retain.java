package io.gatehouse.identity.policy;

/** Which PUBLISH packets a rule is for, by their RETAIN flag (MQTT 5, section 3.3.1.3). */
public enum Retain {
    ANY,
    ONLY,
    NEVER;

    boolean allows(boolean retained) {
        return this == ANY || retained == (this == ONLY);
    }
}
