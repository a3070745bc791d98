package io.gatehouse.x509;

import io.gatehouse.x509.der.DerReader;
import io.gatehouse.x509.der.DerTag;
import io.gatehouse.x509.der.MalformedException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a PKCS#10 request's extensionRequest attribute asks for (RFC 2985, section 5.4.2). Asked for is not given: the profile decides.
 *
 * @param oids every extension asked for, in order
 * @param dnsNames dNSName alternative names
 * @param uris uniformResourceIdentifier alternative names
 * @param emails rfc822Name alternative names
 * @param addresses iPAddress alternative names
 * @param otherNames how many alternative names of other kinds there are
 * @param ca whether basicConstraints ask to be a CA
 * @param keyUsage the key usage bits, bit 0 = digitalSignature, bit 5 = keyCertSign, bit 6 = cRLSign; 0 when absent
 * @param extendedKeyUsages the extended key usages' OIDs
 */
public record RequestedExtensions(
        List<String> oids,
        List<String> dnsNames,
        List<String> uris,
        List<String> emails,
        List<InetAddress> addresses,
        int otherNames,
        boolean ca,
        int keyUsage,
        List<String> extendedKeyUsages) {
    public static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    public static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    public static final String OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";
    public static final String ANY_EXTENDED_KEY_USAGE = "2.5.29.37.0";
    /** The registration authority's usage of RFC 6402. */
    public static final String CMC_RA = "1.3.6.1.5.5.7.3.28";

    static final RequestedExtensions NONE =
            new RequestedExtensions(List.of(), List.of(), List.of(), List.of(), List.of(), 0, false, 0, List.of());

    private static final int MOST = 32;
    private static final int MOST_NAMES = 100;
    private static final int LONGEST_NAME = 1024;

    /** Whether any alternative name is asked for. */
    public boolean namesAnything() {
        return otherNames > 0 || !(dnsNames.isEmpty() && uris.isEmpty() && emails.isEmpty() && addresses.isEmpty());
    }

    /** Whether the request wants to sign certificates or lists: a CA, or one of their key usages. */
    public boolean wantsCa() {
        return ca || (keyUsage & (1 << 5 | 1 << 6)) != 0;
    }

    static RequestedExtensions read(DerReader extensions) throws MalformedException {
        var reading = new Reading();
        while (extensions.hasMore()) {
            var extension = extensions.sequence();
            var oid = extension.oid();
            if (extension.next(DerTag.BOOLEAN)) {
                // openssl writes critical=FALSE nowhere, but old clients do: taken, though DER leaves a default out
                extension.bool();
            }
            var value = extension.octetString();
            extension.end();
            if (!reading.oids.add(oid)) {
                throw new MalformedException("an extension that is asked for twice");
            }
            if (reading.oids.size() > MOST) {
                throw new MalformedException("more than " + MOST + " extensions");
            }
            reading.extension(oid, value);
        }
        return reading.done();
    }

    /** The half-read record. */
    private static final class Reading {
        final Set<String> oids = new HashSet<>();
        final List<String> order = new ArrayList<>();
        final List<String> dnsNames = new ArrayList<>();
        final List<String> uris = new ArrayList<>();
        final List<String> emails = new ArrayList<>();
        final List<InetAddress> addresses = new ArrayList<>();
        final List<String> usages = new ArrayList<>();
        int otherNames;
        boolean ca;
        int keyUsage;

        void extension(String oid, byte[] value) throws MalformedException {
            order.add(oid);
            var outer = new DerReader(value);
            switch (oid) {
                case "2.5.29.17" -> names(outer.sequence());
                case "2.5.29.19" -> basicConstraints(outer.sequence());
                case "2.5.29.15" -> keyUsage = outer.namedBits();
                case "2.5.29.37" -> usages(outer.sequence());
                default -> {
                    return;
                }
            }
            outer.end();
        }

        private void basicConstraints(DerReader constraints) throws MalformedException {
            if (constraints.next(DerTag.BOOLEAN)) {
                ca = constraints.bool();
            }
            if (constraints.hasMore()) {
                constraints.integer(Integer.MAX_VALUE);
            }
            constraints.end();
        }

        private void usages(DerReader list) throws MalformedException {
            while (list.hasMore()) {
                usages.add(list.oid());
                if (usages.size() > MOST) {
                    throw new MalformedException("more than " + MOST + " extended key usages");
                }
            }
        }

        private void names(DerReader names) throws MalformedException {
            for (var count = 0; names.hasMore(); count++) {
                if (count >= MOST_NAMES) {
                    throw new MalformedException("more than " + MOST_NAMES + " alternative names");
                }
                switch (names.peek()) {
                    case 0x81 -> emails.add(text(names.content(0x81)));
                    case 0x82 -> dnsNames.add(text(names.content(0x82)));
                    case 0x86 -> uris.add(text(names.content(0x86)));
                    case 0x87 -> addresses.add(address(names.content(0x87)));
                    default -> {
                        names.skip();
                        otherNames++;
                    }
                }
            }
        }

        private static String text(byte[] content) throws MalformedException {
            var text = DerReader.ascii(content);
            if (text.isEmpty() || text.length() > LONGEST_NAME || text.chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
                throw new MalformedException("an alternative name that is empty, too long, or has blanks or controls");
            }
            return text;
        }

        private static InetAddress address(byte[] content) throws MalformedException {
            try {
                return InetAddress.getByAddress(content);
            } catch (UnknownHostException e) {
                throw new MalformedException("an address that is neither IPv4 nor IPv6", e);
            }
        }

        RequestedExtensions done() {
            return new RequestedExtensions(
                    List.copyOf(order),
                    List.copyOf(dnsNames),
                    List.copyOf(uris),
                    List.copyOf(emails),
                    List.copyOf(addresses),
                    otherNames,
                    ca,
                    keyUsage,
                    List.copyOf(usages));
        }
    }
}
