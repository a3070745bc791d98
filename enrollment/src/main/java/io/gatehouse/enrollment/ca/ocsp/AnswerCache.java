package io.gatehouse.enrollment.ca.ocsp;

import io.gatehouse.enrollment.ca.ocsp.OcspAnswer.Kept;
import java.math.BigInteger;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Signed answers that are given again, the least recently asked for leaving first. An answer that was made from a state before a change
 * never enters after that change: whoever makes one takes a ticket before reading the state, and a change of that certificate (or of
 * one in the same stripe) makes the ticket void. Thread-safe.
 */
final class AnswerCache {
    private static final int STRIPES = 64;

    private final Stripe[] stripes = new Stripe[STRIPES];

    /** @param most how many certificates it holds answers for, about */
    AnswerCache(int most) {
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Stripe(Math.max(1, most / STRIPES));
        }
    }

    /** The certificate that is asked after. */
    record Key(String issuer, BigInteger serial) {}

    /**
     * An answer.
     *
     * @param head all of it but the certificate of its signer
     * @param renewAt from when on it is not given again
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Cached(byte[] head, Signer signer, Kept kept, Instant renewAt) {
        boolean isFresh(Instant now) {
            return !now.isBefore(kept.thisUpdate()) && now.isBefore(renewAt);
        }

        OcspAnswer answer() {
            var certificate = signer.certificate();
            var der = new byte[head.length + certificate.length];
            System.arraycopy(head, 0, der, 0, head.length);
            System.arraycopy(certificate, 0, der, head.length, certificate.length);
            return new OcspAnswer(der, Optional.of(kept));
        }
    }

    Optional<Cached> find(Key key, CertId id) {
        return stripe(key).find(key, form(id));
    }

    /** To be taken before the registry is read. */
    long ticket(Key key) {
        return stripe(key).ticket();
    }

    /** Keeps the answer, unless its certificate changed since the ticket. */
    void put(Key key, CertId id, Cached answer, long ticket) {
        stripe(key).put(key, form(id), answer, ticket);
    }

    /** Nothing that was made from an earlier state is given from now on. */
    void forget(Key key) {
        stripe(key).forget(key);
    }

    /** How many certificates it has answers for. */
    int size() {
        int size = 0;
        for (var stripe : stripes) {
            size += stripe.size();
        }
        return size;
    }

    private Stripe stripe(Key key) {
        var hash = key.serial().hashCode() * 0x9E3779B1;
        return stripes[hash >>> 26];
    }

    /** The same certificate can be asked after in four ways, of which an asker uses one. */
    private static int form(CertId id) {
        return (id.algorithm().orElseThrow() == HashAlgorithm.SHA_256 ? 2 : 0) + (id.hasParameters() ? 1 : 0);
    }

    private static final class Stripe {
        private static final int FORMS = 4;

        private final Map<Key, @Nullable Cached[]> answers;
        private long changes;

        Stripe(int most) {
            this.answers = new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Key, @Nullable Cached[]> eldest) {
                    return size() > most;
                }
            };
        }

        synchronized Optional<Cached> find(Key key, int form) {
            var forms = answers.get(key);
            return forms == null ? Optional.empty() : Optional.ofNullable(forms[form]);
        }

        synchronized long ticket() {
            return changes;
        }

        synchronized void put(Key key, int form, Cached answer, long ticket) {
            if (ticket == changes) {
                answers.computeIfAbsent(key, unused -> new Cached[FORMS])[form] = answer;
            }
        }

        synchronized void forget(Key key) {
            changes++;
            answers.remove(key);
        }

        synchronized int size() {
            return answers.size();
        }
    }
}
