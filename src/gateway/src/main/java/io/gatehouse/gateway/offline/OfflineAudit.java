package io.gatehouse.gateway.offline;

import io.gatehouse.enrollment.app.domain.AuditCheck;
import io.gatehouse.enrollment.audit.AuditDatabase;
import io.gatehouse.enrollment.audit.AuditFile;
import io.gatehouse.enrollment.audit.KnownCheckpoints;
import io.gatehouse.enrollment.config.ConfigException;
import io.gatehouse.enrollment.config.ConfigFile;
import io.gatehouse.enrollment.config.Home;
import io.gatehouse.enrollment.config.ServiceConfig;
import io.gatehouse.enrollment.store.DatabaseFile;
import io.gatehouse.identity.Fingerprint;
import io.gatehouse.x509.Pem;
import io.gatehouse.x509.der.MalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Checks an audit that lies in a file: an export, a database, or the database of a home. Changes nothing. */
public final class OfflineAudit {
    private static final byte[] SQLITE = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

    private static final int USUALLY_EVERY =
            ServiceConfig.defaults().checkpoints().entries();

    private final Optional<Map<Fingerprint, PublicKey>> trusted;
    private final KnownCheckpoints known;

    /**
     * @param key public keys in PEM, whose checkpoints count, and must vouch for something
     * @param checkpoints those that were kept elsewhere
     */
    public OfflineAudit(Optional<Path> key, Optional<Path> checkpoints) {
        this.trusted = key.map(OfflineAudit::keys);
        this.known = checkpoints.map(OfflineAudit::known).orElseGet(KnownCheckpoints::none);
    }

    /**
     * What came of it, as {@code --json} shows it.
     *
     * @param warning what is no proof of a change and should be looked at
     */
    public record Report(
            AuditCheck.Result result,
            Optional<String> warning,
            Set<String> keys,
            boolean keysTrusted,
            long compared,
            long cutOff) {
        public Map<String, Object> members() {
            var shown = new LinkedHashMap<String, Object>();
            shown.put("intact", result.holds());
            shown.put("entries", result.entries());
            shown.put("head", result.head().hex());
            shown.put("checkpoints", result.checkpoints());
            shown.put("vouchedFor", result.vouchedFor());
            shown.put("brokenAt", result.brokenAt().orElse(null));
            shown.put("problem", result.problem().orElse(null));
            shown.put("warning", warning.orElse(null));
            shown.put("keys", keys);
            shown.put("keysTrusted", keysTrusted);
            shown.put("checkpointsElsewhere", compared);
            shown.put("cutOffByRestore", cutOff);
            return shown;
        }
    }

    /** By the key in {@code pki/audit.pem}, unless another was given. */
    public Report ofHome(Home home) {
        var trust = trusted.or(
                () -> Optional.of(home.auditPem()).filter(Files::exists).map(OfflineAudit::keys));
        return ofDatabase(home.database(), trust, every(home));
    }

    /** The home may be a copy without its configuration. */
    private static int every(Home home) {
        try {
            return ConfigFile.load(home).checkpoints().entries();
        } catch (ConfigException e) {
            return USUALLY_EVERY;
        }
    }

    /** Of an export, or of a database. */
    public Report ofFile(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            if (java.util.Arrays.equals(in.readNBytes(SQLITE.length), SQLITE)) {
                return ofDatabase(file, trusted, USUALLY_EVERY);
            }
        } catch (IOException e) {
            throw new ConfigException("command line", "--file", file.toString(), "a readable file");
        }
        var check = new AuditFile(trusted, known);
        try (InputStream in = Files.newInputStream(file)) {
            return report(check.verify(in), USUALLY_EVERY, check.keys(), trusted.isPresent());
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has ECDSA and SHA-256", e);
        }
    }

    private Report ofDatabase(Path file, Optional<Map<Fingerprint, PublicKey>> trust, int every) {
        var check = new AuditDatabase(trust, known, trusted.isPresent());
        var damage = DatabaseFile.damageOfAudit(file);
        var result = DatabaseFile.read(file, view -> check.verify(view, damage));
        return report(result, every, check.keys(), trust.isPresent());
    }

    private Report report(
            AuditCheck.Result result, int every, Map<Fingerprint, PublicKey> keys, boolean fromElsewhere) {
        var names = new TreeSet<String>();
        keys.keySet().forEach(key -> names.add(key.hex()));
        return new Report(result, result.warning(every), names, fromElsewhere, known.compared(), known.cutOff());
    }

    private static KnownCheckpoints known(Path file) {
        try {
            return KnownCheckpoints.read(file);
        } catch (IOException e) {
            throw new ConfigException("command line", "--checkpoints", file.toString(), "a readable file");
        }
    }

    private static Map<Fingerprint, PublicKey> keys(Path file) {
        try {
            var keys = new HashMap<Fingerprint, PublicKey>();
            for (var block : Pem.blocks(Files.readString(file, StandardCharsets.ISO_8859_1))) {
                var key = KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(block.der()));
                keys.put(Fingerprint.sha256(key.getEncoded()), key);
            }
            if (keys.isEmpty()) {
                throw new MalformedException("no key");
            }
            return keys;
        } catch (IOException | MalformedException | GeneralSecurityException e) {
            throw new ConfigException("command line", "--key", file.toString(), "a file of EC public keys in PEM");
        }
    }
}
