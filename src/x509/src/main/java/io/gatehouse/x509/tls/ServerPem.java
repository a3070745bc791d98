package io.gatehouse.x509.tls;

import io.gatehouse.x509.Certificates;
import io.gatehouse.x509.Keys;
import io.gatehouse.x509.Parsed;
import io.gatehouse.x509.Pem;
import io.gatehouse.x509.PublicKeys;
import io.gatehouse.x509.der.MalformedException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a server shows that has its certificate from another CA, such as a public one: key and chain, as its owner keeps them in two PEM
 * files. Guarantee: the key is that of the first certificate, each certificate is signed by the next, the first is good now, is for
 * servers and names a host. Whether anybody trusts its root is not looked at. Immutable.
 *
 * @param chain the server's own certificate first; a self-signed one at its end is left out
 * @param names its DNS names in lower case, with wildcards
 */
public record ServerPem(PrivateKey key, List<X509Certificate> chain, List<String> names) {
    private static final int MOST_CERTIFICATES = 10;
    private static final int DNS_NAME = 2;
    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";

    public ServerPem {
        chain = List.copyOf(chain);
        names = List.copyOf(names);
    }

    /** The server's own certificate. */
    public X509Certificate certificate() {
        return chain.get(0);
    }

    /** When it ends. */
    public Instant until() {
        return certificate().getNotAfter().toInstant();
    }

    /** Whether less than a quarter of its life is left: whoever renews it should have done so by then. */
    public boolean endsSoon(Instant now) {
        var life = Duration.between(certificate().getNotBefore().toInstant(), until());
        return now.isAfter(until().minus(life.dividedBy(4)));
    }

    /** Whether it names this host (RFC 6125: a wildcard stands for exactly one label on the left). */
    public boolean names(String host) {
        String asked = host.toLowerCase(Locale.ROOT);
        int dot = asked.indexOf('.');
        return names.contains(asked) || (dot > 0 && names.contains("*" + asked.substring(dot)));
    }

    /** The pair in these texts; the paths are for the message when it is none. */
    static ServerPem of(Path certificateFile, byte[] certificatePem, Path keyFile, byte[] keyPem, Instant now)
            throws ServerPemException {
        var chain = chain(certificateFile, certificatePem);
        var leaf = chain.get(0);
        requireServer(certificateFile, leaf, now);
        var names = dnsNames(certificateFile, leaf);
        var key = key(keyFile, keyPem);
        if (!Keys.match(key, leaf.getPublicKey())) {
            throw new ServerPemException(
                    keyFile, "is not the key of the first certificate in " + certificateFile + "; they must be a pair");
        }
        return new ServerPem(key, chain, names);
    }

    private static List<X509Certificate> chain(Path file, byte[] pem) throws ServerPemException {
        List<X509Certificate> chain;
        try {
            chain = new ArrayList<>(Pem.certificates(new String(pem, StandardCharsets.US_ASCII)));
        } catch (MalformedException e) {
            throw new ServerPemException(file, "must hold PEM certificates: " + e.getMessage());
        }
        if (chain.size() > MOST_CERTIFICATES) {
            throw new ServerPemException(file, "holds more than " + MOST_CERTIFICATES + " certificates");
        }
        for (int i = 0; i + 1 < chain.size(); i++) {
            if (!Certificates.isSignedBy(chain.get(i), chain.get(i + 1).getPublicKey())) {
                throw new ServerPemException(
                        file,
                        "certificate " + (i + 1) + " is not signed by certificate " + (i + 2)
                                + "; the server's own comes first, then each one's issuer");
            }
        }
        if (chain.size() > 1 && Certificates.isSelfSigned(chain.get(chain.size() - 1))) {
            chain.remove(chain.size() - 1);
        }
        return chain;
    }

    private static void requireServer(Path file, X509Certificate leaf, Instant now) throws ServerPemException {
        if (leaf.getBasicConstraints() >= 0) {
            throw new ServerPemException(file, "begins with the certificate of a CA; the server's own comes first");
        }
        try {
            var usages = leaf.getExtendedKeyUsage();
            if (usages != null && !usages.contains(SERVER_AUTH)) {
                throw new ServerPemException(file, "begins with a certificate that is not for servers (serverAuth)");
            }
        } catch (CertificateParsingException e) {
            throw new ServerPemException(file, "begins with a certificate whose extended key usage cannot be read");
        }
        if (now.isAfter(leaf.getNotAfter().toInstant())) {
            throw new ServerPemException(
                    file, "has expired at " + leaf.getNotAfter().toInstant() + "; renew it");
        }
        if (now.isBefore(leaf.getNotBefore().toInstant())) {
            throw new ServerPemException(
                    file, "is not valid before " + leaf.getNotBefore().toInstant() + "; look at this machine's clock");
        }
        if (PublicKeys.read(leaf.getPublicKey().getEncoded()) instanceof Parsed.Malformed<PublicKeys.SubjectKey> weak) {
            throw new ServerPemException(file, "has a key that is not accepted: " + weak.detail());
        }
    }

    private static List<String> dnsNames(Path file, X509Certificate leaf) throws ServerPemException {
        var found = new ArrayList<String>();
        try {
            var names = leaf.getSubjectAlternativeNames();
            if (names != null) {
                for (var name : names) {
                    if (name.get(0).equals(DNS_NAME)) {
                        found.add(((String) name.get(1)).toLowerCase(Locale.ROOT));
                    }
                }
            }
        } catch (CertificateParsingException e) {
            throw new ServerPemException(file, "has alternative names that cannot be read");
        }
        if (found.isEmpty()) {
            throw new ServerPemException(file, "names no DNS host in its subject alternative names");
        }
        return found;
    }

    private static PrivateKey key(Path file, byte[] pem) throws ServerPemException {
        try {
            return Pem.privateKey(new String(pem, StandardCharsets.US_ASCII));
        } catch (MalformedException e) {
            throw new ServerPemException(
                    file,
                    "must hold one unencrypted PKCS#8 key (BEGIN PRIVATE KEY): "
                            + "`openssl pkcs8 -topk8 -nodes -in OLD -out NEW` makes one of other forms");
        }
    }

    @Override
    public String toString() {
        return "ServerPem" + names;
    }
}
