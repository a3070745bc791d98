package io.gatehouse.systemtests;

import io.gatehouse.testkit.ProcessRun;
import io.gatehouse.testkit.Tools;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.PKIXRevocationChecker.Option;
import java.security.cert.TrustAnchor;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Verifiers that share no code with us, each by one way of learning of revocations. One that says neither that the certificate is good
 * nor that it is revoked fails the test with what it said: a verifier that refuses for another reason has judged nothing.
 */
enum RevocationJudge {
    OPENSSL_OCSP(true, "openssl") {
        @Override
        boolean accepts(RevocationCase asked) {
            String said = ProcessRun.of("openssl", "ocsp", "-issuer", asked.caFile(), "-cert", asked.leafFile())
                    .with("-url", asked.ocspUrl(), "-CAfile", asked.rootFile(), "-verify_other", asked.caFile())
                    .run()
                    .both();
            return said.contains("Response verify OK")
                    ? verdict(said, "leaf.pem: good", "leaf.pem: revoked")
                    : neither(said);
        }
    },
    GNUTLS_OCSP(true, "ocsptool") {
        @Override
        boolean accepts(RevocationCase asked) {
            String said = ProcessRun.of("ocsptool", "--ask=" + asked.ocspUrl(), "--nonce")
                    .with("--load-cert", asked.leafFile(), "--load-issuer", asked.caFile())
                    .with("--load-trust", asked.caFile())
                    .run()
                    .both();
            return said.contains("Verifying OCSP Response: Success")
                    ? verdict(said, "Certificate Status: good", "Certificate Status: revoked")
                    : neither(said);
        }
    },
    NSS_OCSP(true, "certutil", "vfychain") {
        @Override
        boolean accepts(RevocationCase asked) {
            String database = nssDatabase(asked);
            String said = ProcessRun.of("vfychain", "-d", database, "-pp", "-u", "0", "-g", "leaf", "-m", "ocsp")
                    .with("-s", "requireFreshInfo", "-a", asked.leafFile(), "-a", asked.caFile())
                    .run()
                    .both();
            return verdict(said, "Chain is good!", "has been revoked");
        }
    },
    STRONGSWAN_OCSP(true, "pki") {
        @Override
        boolean accepts(RevocationCase asked) {
            String said = pki(asked, "--online").run().both();
            return said.contains("ocsp response correctly signed by \"CN=Gatehouse OCSP responder\"")
                    ? verdict(said, "certificate trusted, lifetimes valid, certificate not revoked", "was revoked on")
                    : neither(said);
        }
    },
    JDK_OCSP(true) {
        @Override
        boolean accepts(RevocationCase asked) {
            return pkix(asked, EnumSet.of(Option.ONLY_END_ENTITY, Option.NO_FALLBACK));
        }
    },
    OPENSSL_CRL(false, "openssl") {
        @Override
        boolean accepts(RevocationCase asked) {
            String said = ProcessRun.of("openssl", "verify", "-x509_strict", "-crl_check_all", "-purpose", "sslclient")
                    .with("-CAfile", asked.rootFile(), "-untrusted", asked.caFile(), "-CRLfile", asked.crlsFile())
                    .with(asked.leafFile())
                    .run()
                    .both();
            return verdict(said, "leaf.pem: OK", "certificate revoked");
        }
    },
    GNUTLS_CRL(false, "certtool") {
        @Override
        boolean accepts(RevocationCase asked) {
            String said = ProcessRun.of("certtool", "--verify", "--verify-purpose=1.3.6.1.5.5.7.3.2")
                    .with("--load-ca-certificate", asked.rootFile(), "--load-crl", asked.crlsFile())
                    .with("--infile", asked.chainFile())
                    .run()
                    .both();
            return verdict(said, "Chain verification output: Verified", "certificate chain is revoked");
        }
    },
    NSS_CRL(false, "certutil", "crlutil") {
        @Override
        boolean accepts(RevocationCase asked) {
            String database = nssDatabase(asked);
            ProcessRun.of("certutil", "-A", "-d", database, "-n", "ca", "-t", ",,", "-i", asked.caFile())
                    .run()
                    .ok();
            ProcessRun.of("certutil", "-A", "-d", database, "-n", "leaf", "-t", ",,", "-i", asked.leafFile())
                    .run()
                    .ok();
            for (String crl : asked.crlFiles()) {
                ProcessRun.of("crlutil", "-I", "-d", database, "-i", crl).run().ok();
            }
            String said = ProcessRun.of("certutil", "-V", "-d", database, "-n", "leaf", "-u", "C", "-e")
                    .run()
                    .both();
            return verdict(said, "certificate is valid", "has been revoked");
        }
    },
    STRONGSWAN_CRL(false, "pki") {
        @Override
        boolean accepts(RevocationCase asked) {
            String conf =
                    asked.write("strongswan.conf", "libstrongswan { plugins { revocation { enable_ocsp = no } } }\n");
            ProcessRun pki = pki(asked).env("STRONGSWAN_CONF", conf);
            for (String crl : asked.crlFiles()) {
                pki = pki.with("--crl", crl);
            }
            String said = pki.run().both();
            return said.contains("ocsp response")
                    ? neither(said)
                    : verdict(said, "certificate trusted, lifetimes valid, certificate not revoked", "was revoked on");
        }
    },
    JDK_CRL(false) {
        @Override
        boolean accepts(RevocationCase asked) {
            return pkix(asked, EnumSet.of(Option.PREFER_CRLS, Option.NO_FALLBACK));
        }
    };

    private final boolean online;
    private final String[] tools;

    RevocationJudge(boolean online, String... tools) {
        this.online = online;
        this.tools = tools;
    }

    /** Whether it asks by OCSP, and so learns of a change at once. */
    boolean online() {
        return online;
    }

    void require() {
        Tools.require(tools);
    }

    /** Whether it takes the certificate for good; false when it says that it is revoked. */
    abstract boolean accepts(RevocationCase asked);

    static boolean verdict(String said, String good, String revoked) {
        boolean isGood = said.contains(good);
        return isGood == said.contains(revoked) ? neither(said) : isGood;
    }

    static boolean neither(String said) {
        throw new AssertionError("neither good nor revoked:\n" + said);
    }

    static ProcessRun pki(RevocationCase asked, String... more) {
        return ProcessRun.of("pki", "--verify", "--in", asked.leafFile())
                .with("--cacert", asked.rootFile(), "--cacert", asked.caFile())
                .with(more);
    }

    static String nssDatabase(RevocationCase asked) {
        Path database = asked.empty("nss");
        ProcessRun.of("certutil", "-N", "-d", "sql:" + database, "--empty-password")
                .run()
                .ok();
        ProcessRun.of("certutil", "-A", "-d", "sql:" + database, "-n", "root", "-t", "CT,,", "-i", asked.rootFile())
                .run()
                .ok();
        return "sql:" + database;
    }

    static boolean pkix(RevocationCase asked, Set<Option> options) {
        try {
            CertPathValidator validator = CertPathValidator.getInstance("PKIX");
            PKIXRevocationChecker checker = (PKIXRevocationChecker) validator.getRevocationChecker();
            checker.setOptions(options);
            PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(asked.root(), null)));
            parameters.addCertPathChecker(checker);
            parameters.addCertStore(
                    CertStore.getInstance("Collection", new CollectionCertStoreParameters(asked.crls())));
            validator.validate(
                    CertificateFactory.getInstance("X.509").generateCertPath(List.of(asked.certificate(), asked.ca())),
                    parameters);
            return true;
        } catch (CertPathValidatorException refused) {
            return refused.getReason() == CertPathValidatorException.BasicReason.REVOKED
                    ? false
                    : neither(refused.toString());
        } catch (GeneralSecurityException broken) {
            throw new AssertionError(broken);
        }
    }
}
