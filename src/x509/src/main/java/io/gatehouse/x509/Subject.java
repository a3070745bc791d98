package io.gatehouse.x509;

import io.gatehouse.x509.der.DerReader;
import io.gatehouse.x509.der.MalformedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A distinguished name (RFC 5280, section 4.1.2.4), attribute by attribute in the order of its encoding. Its texts hold no control
 * characters. Immutable.
 */
public final class Subject {
    public static final String COMMON_NAME = "2.5.4.3";

    private static final int MOST_ATTRIBUTES = 32;
    private static final int LONGEST_VALUE = 512;

    private final byte[] der;
    private final List<Attribute> attributes;

    /** One attribute: its type as dotted OID, and its text. */
    public record Attribute(String oid, String value) {}

    private Subject(byte[] der, List<Attribute> attributes) {
        this.der = der;
        this.attributes = attributes;
    }

    /** The name whose encoding fills the bytes exactly. */
    public static Subject parse(byte[] der) throws MalformedException {
        var outer = new DerReader(der);
        var names = outer.sequence();
        outer.end();
        var attributes = new ArrayList<Attribute>();
        while (names.hasMore()) {
            var set = names.set();
            do {
                attributes.add(attribute(set.sequence()));
                if (attributes.size() > MOST_ATTRIBUTES) {
                    throw new MalformedException("a name of more than " + MOST_ATTRIBUTES + " attributes");
                }
            } while (set.hasMore());
        }
        return new Subject(der.clone(), List.copyOf(attributes));
    }

    private static Attribute attribute(DerReader pair) throws MalformedException {
        var oid = pair.oid();
        var value = pair.string();
        pair.end();
        if (value.isEmpty() || value.length() > LONGEST_VALUE) {
            throw new MalformedException("an attribute of a name that is empty or too long");
        }
        if (value.codePoints().anyMatch(Character::isISOControl)) {
            throw new MalformedException("a name with a control character");
        }
        return new Attribute(oid, value);
    }

    public List<Attribute> attributes() {
        return attributes;
    }

    public boolean isEmpty() {
        return attributes.isEmpty();
    }

    /** The texts of all common names. */
    public List<String> commonNames() {
        return attributes.stream()
                .filter(a -> a.oid().equals(COMMON_NAME))
                .map(Attribute::value)
                .toList();
    }

    /** The common name of a name that has exactly one. */
    public Optional<String> commonName() {
        var names = commonNames();
        return names.size() == 1 ? Optional.of(names.get(0)) : Optional.empty();
    }

    /** Whether the name is one common name with this text, and nothing else. */
    public boolean isOnlyCommonName(String text) {
        return attributes.equals(List.of(new Attribute(COMMON_NAME, text)));
    }

    /** The encoding; a new array at each call. */
    public byte[] der() {
        return der.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Subject that && Arrays.equals(der, that.der);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(der);
    }

    @Override
    public String toString() {
        return attributes.toString();
    }
}
