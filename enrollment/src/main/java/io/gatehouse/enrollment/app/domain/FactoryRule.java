package io.gatehouse.enrollment.app.domain;

import java.util.Arrays;
import java.util.Optional;

/**
 * How devices of a fleet enroll with the certificate that their maker gave them, the IDevID of IEEE 802.1AR.
 *
 * @param anchors the makers' authorities, as PEM; each is trusted by itself, whoever issued it
 * @param id where in the subject the device's id stands
 * @param acceptExpired whether a factory certificate, or an authority on its path, may have expired
 */
public record FactoryRule(String anchors, IdSource id, boolean acceptExpired) {
    /** An attribute of the subject that must be there exactly once. */
    public enum IdSource {
        SERIAL_NUMBER("serialNumber", "2.5.4.5"),
        COMMON_NAME("commonName", "2.5.4.3");

        private final String word;
        private final String oid;

        IdSource(String word, String oid) {
            this.word = word;
            this.oid = oid;
        }

        public String word() {
            return word;
        }

        /** The attribute's type. */
        public String oid() {
            return oid;
        }

        public static Optional<IdSource> ofWord(String word) {
            return Arrays.stream(values()).filter(id -> id.word.equals(word)).findFirst();
        }
    }
}
