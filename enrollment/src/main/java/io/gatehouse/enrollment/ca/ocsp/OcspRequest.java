package io.gatehouse.enrollment.ca.ocsp;

import io.gatehouse.x509.der.DerReader;
import io.gatehouse.x509.der.DerTag;
import io.gatehouse.x509.der.MalformedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An OCSPRequest (RFC 6960, section 4.1.1). Who asks, and whether the request is signed, changes nothing: what is answered is public.
 *
 * @param ids at least one
 * @param nonce as it is to be repeated (RFC 9654, section 2.1)
 */
@SuppressWarnings("ArrayRecordComponent") // lives for one answer, compared nowhere
record OcspRequest(List<CertId> ids, Optional<byte[]> nonce) {
    private static final String NONCE = "1.3.6.1.5.5.7.48.1.2";
    private static final int LONGEST_NONCE = 128;
    private static final int VERSION_1 = 0;

    /** Reads DER; what is left over, missing or critical and unknown is malformed. */
    static OcspRequest parse(byte[] der) throws MalformedException {
        var whole = new DerReader(der);
        var request = whole.sequence();
        whole.end();
        var tbs = request.sequence();
        if (request.hasMore()) {
            request.element(DerTag.constructed(0));
        }
        request.end();
        if (tbs.next(DerTag.constructed(0))) {
            var version = tbs.open(DerTag.constructed(0));
            version.integer(VERSION_1);
            version.end();
        }
        if (tbs.next(DerTag.constructed(1))) {
            tbs.skip();
        }
        var ids = ids(tbs.sequence());
        Optional<byte[]> nonce =
                tbs.next(DerTag.constructed(2)) ? nonce(extensions(tbs, DerTag.constructed(2))) : Optional.empty();
        tbs.end();
        return new OcspRequest(ids, nonce);
    }

    private static List<CertId> ids(DerReader list) throws MalformedException {
        var ids = new ArrayList<CertId>();
        while (list.hasMore()) {
            var one = list.sequence();
            ids.add(CertId.read(one));
            if (one.next(DerTag.constructed(0))) {
                // serviceLocator and the like: not critical, so it may be ignored
                nonce(extensions(one, DerTag.constructed(0)));
            }
            one.end();
        }
        if (ids.isEmpty()) {
            throw new MalformedException("a request for nothing");
        }
        return List.copyOf(ids);
    }

    private static DerReader extensions(DerReader reader, int tag) throws MalformedException {
        var tagged = reader.open(tag);
        var extensions = tagged.sequence();
        tagged.end();
        return extensions;
    }

    /** The nonce among those extensions. */
    private static Optional<byte[]> nonce(DerReader extensions) throws MalformedException {
        Optional<byte[]> nonce = Optional.empty();
        while (extensions.hasMore()) {
            var extension = extensions.sequence();
            var oid = extension.oid();
            boolean critical = extension.next(DerTag.BOOLEAN) && extension.bool();
            var value = extension.octetString();
            extension.end();
            if (oid.equals(NONCE)) {
                if (nonce.isPresent()) {
                    throw new MalformedException("two nonces");
                }
                nonce = Optional.of(nonce(value));
            } else if (critical) {
                throw new MalformedException("a critical extension that is not known here");
            }
        }
        return nonce;
    }

    private static byte[] nonce(byte[] value) throws MalformedException {
        var reader = new DerReader(value);
        var nonce = reader.octetString();
        reader.end();
        if (nonce.length == 0 || nonce.length > LONGEST_NONCE) {
            throw new MalformedException("a nonce that is empty or too long");
        }
        return nonce;
    }
}
