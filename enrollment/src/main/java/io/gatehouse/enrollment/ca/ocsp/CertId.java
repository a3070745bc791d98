package io.gatehouse.enrollment.ca.ocsp;

import io.gatehouse.x509.der.DerReader;
import io.gatehouse.x509.der.DerTag;
import io.gatehouse.x509.der.MalformedException;
import java.math.BigInteger;
import java.util.Optional;

/**
 * Which certificate is asked after (RFC 6960, section 4.1.1).
 *
 * @param der as the asker wrote it, to be repeated in the answer octet by octet
 * @param algorithm nothing for one that is not known here: then the issuer is not known either
 * @param hasParameters whether the algorithm is written with a NULL; part of the octets only
 */
@SuppressWarnings("ArrayRecordComponent") // compared part by part
record CertId(
        byte[] der,
        Optional<HashAlgorithm> algorithm,
        boolean hasParameters,
        byte[] issuerNameHash,
        byte[] issuerKeyHash,
        BigInteger serial) {

    /** Reads the next element. */
    static CertId read(DerReader reader) throws MalformedException {
        var der = reader.element(DerTag.SEQUENCE);
        var id = new DerReader(der).sequence();
        var algorithm = id.sequence();
        var oid = algorithm.oid();
        var hasParameters = algorithm.hasMore();
        if (hasParameters) {
            algorithm.nullValue();
        }
        algorithm.end();
        var nameHash = id.octetString();
        var keyHash = id.octetString();
        var serial = id.integer();
        id.end();
        return new CertId(der, HashAlgorithm.ofOid(oid), hasParameters, nameHash, keyHash, serial);
    }
}
