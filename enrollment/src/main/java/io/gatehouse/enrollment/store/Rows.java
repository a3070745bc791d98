package io.gatehouse.enrollment.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gatehouse.enrollment.app.domain.AllowedIds;
import io.gatehouse.enrollment.app.domain.AuditEntry;
import io.gatehouse.enrollment.app.domain.Claim;
import io.gatehouse.enrollment.app.domain.ClaimUse;
import io.gatehouse.enrollment.app.domain.Device;
import io.gatehouse.enrollment.app.domain.DeviceCertificate;
import io.gatehouse.enrollment.app.domain.DevicesCa;
import io.gatehouse.enrollment.app.domain.EnrollmentRules;
import io.gatehouse.enrollment.app.domain.Fleet;
import io.gatehouse.enrollment.app.domain.Proof;
import io.gatehouse.identity.CertificateState;
import io.gatehouse.identity.DeviceId;
import io.gatehouse.identity.DeviceState;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.identity.FleetKind;
import io.gatehouse.identity.FleetName;
import io.gatehouse.identity.FleetState;
import io.gatehouse.identity.RevocationReason;
import io.gatehouse.identity.policy.Policy;
import io.gatehouse.identity.policy.PolicyDocument;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rows as values, and members as columns. Stateless. */
final class Rows {
    static final String FLEET =
            "f.name, f.kind, f.state, f.lifetime, f.sessions_max, f.policy, f.rules, f.version, f.created_at";
    static final String DEVICE =
            "d.name, f.name AS fleet, d.state, d.attributes, d.revoked_at, d.reinstated, d.revocations,"
                    + " d.created_at, d.updated_at";
    static final String CERTIFICATE =
            "c.sha256, d.name AS device, c.serial, c.issuer, c.state, c.reason, c.revoked_at, c.not_before, c.not_after,"
                    + " c.issued_at, c.key_sha256, c.key_barred, c.proof, c.retired,"
                    + " (SELECT a.sha256 FROM imported_authority a WHERE a.id = c.imported_from)";
    static final String CLAIM =
            "c.name, f.name AS fleet, c.device, c.allowed_ids, c.uses, c.used, c.approval, c.cancelled, c.created_at,"
                    + " c.expires_at, c.public_key, CASE WHEN c.device IS NOT NULL AND c.used > 0 THEN"
                    + " (SELECT u.certificate FROM claim_use u WHERE u.claim_id = c.id AND u.folded = c.folded) END";
    static final String USE = "c.name, u.device, u.key_sha256, u.state, u.at, u.address, u.certificate";

    static final String AUDIT = "SELECT seq, at, actor, action, subject, detail, previous, hash FROM audit";

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};
    private static final TypeReference<Map<String, String>> STRINGS = new TypeReference<>() {};

    private static final Texts<Policy> POLICIES = new Texts<>(Rows::policy);
    private static final Texts<EnrollmentRules> RULES = new Texts<>(RulesText::read);

    private Rows() {}

    static Fleet fleet(ResultSet row) throws SQLException {
        return new Fleet(
                FleetName.of(row.getString(1)),
                word(FleetKind.ofWord(row.getString(2))),
                word(FleetState.ofWord(row.getString(3))),
                Duration.ofMillis(row.getLong(4)),
                row.getInt(5),
                POLICIES.value(row.getString(6)),
                RULES.value(row.getString(7)),
                row.getLong(8),
                time(row, 9));
    }

    static Device device(ResultSet row) throws SQLException {
        return new Device(
                DeviceId.of(row.getString(1)),
                FleetName.of(row.getString(2)),
                word(DeviceState.ofWord(row.getString(3))),
                attributes(row.getString(4)),
                timeOrNone(row, 5),
                row.getBoolean(6),
                row.getInt(7),
                time(row, 8),
                time(row, 9));
    }

    static DeviceCertificate certificate(ResultSet row) throws SQLException {
        return new DeviceCertificate(
                fingerprint(row.getBytes(1)),
                DeviceId.of(row.getString(2)),
                new BigInteger(1, row.getBytes(3)),
                row.getString(4),
                word(CertificateState.ofWord(row.getString(5))),
                Optional.ofNullable(row.getString(6)).flatMap(RevocationReason::parse),
                timeOrNone(row, 7),
                time(row, 8),
                time(row, 9),
                time(row, 10),
                fingerprint(row.getBytes(11)),
                row.getBoolean(12),
                proof(row.getString(13)),
                row.getBoolean(14),
                fingerprintOrNone(row, 15));
    }

    static Claim claim(ResultSet row) throws SQLException {
        return new Claim(
                row.getString(1),
                FleetName.of(row.getString(2)),
                Optional.ofNullable(row.getString(3)).map(DeviceId::of),
                Optional.ofNullable(row.getString(4)).map(text -> new AllowedIds(List.of(text.split(" ")))),
                row.getInt(5),
                row.getInt(6),
                row.getBoolean(7),
                row.getBoolean(8),
                time(row, 9),
                time(row, 10),
                fingerprintOrNone(row, 11),
                fingerprintOrNone(row, 12));
    }

    static ClaimUse use(ResultSet row) throws SQLException {
        return new ClaimUse(
                row.getString(1),
                DeviceId.of(row.getString(2)),
                fingerprint(row.getBytes(3)),
                useState(row.getString(4)),
                time(row, 5),
                row.getString(6),
                fingerprintOrNone(row, 7));
    }

    static DevicesCa devicesCa(ResultSet row) throws SQLException {
        return new DevicesCa(
                row.getInt(1),
                row.getString(2),
                fingerprint(row.getBytes(3)),
                row.getString(4),
                word(DevicesCa.State.ofWord(row.getString(5))),
                time(row, 6),
                time(row, 7));
    }

    static AuditEntry audit(ResultSet row) throws SQLException {
        return new AuditEntry(
                row.getLong(1),
                time(row, 2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                fingerprint(row.getBytes(7)),
                fingerprint(row.getBytes(8)));
    }

    static Instant time(ResultSet row, int column) throws SQLException {
        return Instant.ofEpochMilli(row.getLong(column));
    }

    static Optional<Instant> timeOrNone(ResultSet row, int column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    static Fingerprint fingerprint(byte[] bytes) {
        return new Fingerprint(HexFormat.of().formatHex(bytes));
    }

    private static Optional<Fingerprint> fingerprintOrNone(ResultSet row, int column) throws SQLException {
        return Optional.ofNullable(row.getBytes(column)).map(Rows::fingerprint);
    }

    static Policy policy(String json) {
        try {
            return PolicyDocument.read(JSON.readValue(json, OBJECT));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored policy cannot be read", e);
        }
    }

    static Map<String, String> attributes(String json) {
        try {
            return json.equals("{}") ? Map.of() : JSON.readValue(json, STRINGS);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("stored attributes cannot be read", e);
        }
    }

    /** One line of JSON with sorted members: the same value always gives the same text. */
    static String json(Map<String, ?> value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("this cannot be written as JSON", e);
        }
    }

    private static Proof proof(String word) {
        for (var proof : Proof.values()) {
            if (proof.word().equals(word)) {
                return proof;
            }
        }
        throw new IllegalStateException("an unknown word in the database");
    }

    private static ClaimUse.State useState(String word) {
        for (var state : ClaimUse.State.values()) {
            if (state.word().equals(word)) {
                return state;
            }
        }
        throw new IllegalStateException("an unknown word in the database");
    }

    private static <T> T word(Optional<T> value) {
        return value.orElseThrow(() -> new IllegalStateException("an unknown word in the database"));
    }
}
