package io.gatehouse.x509.tls;

import java.security.cert.CertificateException;

/** The server's certificate is sound but not for the role that was asked for. */
public final class WrongRoleException extends CertificateException {
    WrongRoleException(ServerRole role) {
        super("the server's certificate does not carry the role " + role.word());
    }
}
