package io.gatehouse.enrollment.ca;

import io.gatehouse.testkit.ProcessRun;
import io.gatehouse.testkit.Tools;
import io.gatehouse.x509.Pem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Other people's verifiers, which share no code with what made the certificates. */
final class Judges {
    private final Path directory;

    Judges(Path directory) {
        this.directory = directory;
    }

    /** openssl with every check that it has; the CRLs are those of all issuers in the chain. */
    ProcessRun.Result openssl(
            String purpose, X509Certificate leaf, X509Certificate issuer, X509Certificate root, List<byte[]> crls) {
        Tools.require("openssl");
        var command = new ArrayList<>(List.of("openssl", "verify", "-x509_strict", "-purpose", purpose));
        if (!crls.isEmpty()) {
            var all = crls.stream().map(der -> Pem.write(Pem.CRL, der)).toList();
            command.addAll(List.of("-crl_check_all", "-CRLfile", write("crls.pem", String.join("", all))));
        }
        command.addAll(List.of("-CAfile", write("root.pem", Pem.write(root))));
        command.addAll(List.of("-untrusted", write("issuer.pem", Pem.write(issuer))));
        command.add(write("leaf.pem", Pem.write(leaf)));
        return ProcessRun.of(command).run();
    }

    /** gnutls; its exit code means nothing, its words do. */
    String gnutls(X509Certificate leaf, X509Certificate issuer, X509Certificate root) {
        Tools.require("certtool");
        var chain = Stream.of(leaf, issuer).map(Pem::write).reduce("", String::concat);
        return ProcessRun.of(
                        "certtool",
                        "--verify",
                        "--load-ca-certificate",
                        write("ca.pem", Pem.write(root)),
                        "--infile",
                        write("chain.pem", chain))
                .run()
                .both();
    }

    /** What openssl reads in a CRL. */
    String crlText(byte[] der, X509Certificate issuer) {
        Tools.require("openssl");
        var file = write("one.crl.pem", Pem.write(Pem.CRL, der));
        return ProcessRun.of(
                        "openssl", "crl", "-in", file, "-noout", "-text", "-CAfile", write("i.pem", Pem.write(issuer)))
                .run()
                .ok()
                .both();
    }

    /** What openssl reads in a certificate. */
    String text(X509Certificate certificate) {
        Tools.require("openssl");
        return ProcessRun.of("openssl", "x509", "-noout", "-text", "-in", write("text.pem", Pem.write(certificate)))
                .run()
                .ok()
                .out();
    }

    private String write(String name, String text) {
        try {
            return Files.writeString(directory.resolve(name), text).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
