package io.gatehouse.identity.policy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A place in a policy document: the steps to it, of which none lead to the document itself. Immutable and thread-safe. */
public record Place(List<Step> steps) {
    /** The document itself. */
    static final Place DOCUMENT = new Place(List.of());

    /** Names that are longer are cut where people read them. */
    private static final int LONGEST_SHOWN = 40;

    /** Names that are longer are not in a pointer, in UTF-16 units: an answer does not repeat whatever it was sent. */
    private static final int LONGEST_POINTED = 256;

    /** What a fragment may hold besides letters and digits: pchar, / and ? of RFC 3986, section 3.5. */
    private static final String PLAIN = "-._~!$&'()*+,;=:@/?";

    /** One step down: to the member of an object or to an item of a list. */
    public sealed interface Step {
        /** The member of that name, which may be any text. */
        record Member(String name) implements Step {}

        /** The item of that number, from 0. */
        record Item(int index) implements Step {}
    }

    public Place {
        steps = List.copyOf(steps);
    }

    static Place of(String member) {
        return DOCUMENT.member(member);
    }

    Place member(String name) {
        return then(List.of(new Step.Member(name)));
    }

    Place item(int index) {
        return then(List.of(new Step.Item(index)));
    }

    Place under(Place parent) {
        return parent.then(steps);
    }

    private Place then(List<Step> further) {
        var all = new ArrayList<>(steps);
        all.addAll(further);
        return new Place(all);
    }

    /**
     * The place as a JSON pointer (RFC 6901) in a URI fragment, of ASCII alone. A member whose name no pointer can tell, because it is
     * not well-formed or very long, is left out with what is in it: then this points at what holds the member.
     */
    public String pointer() {
        var pointer = new StringBuilder("#");
        for (Step step : steps) {
            if (step instanceof Step.Item item) {
                pointer.append('/').append(item.index());
            } else if (step instanceof Step.Member member) {
                String name = member.name();
                if (name.length() > LONGEST_POINTED
                        || !StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
                    break;
                }
                percentEncoded(name.replace("~", "~0").replace("/", "~1"), pointer.append('/'));
            }
        }
        return pointer.toString();
    }

    private static void percentEncoded(String text, StringBuilder into) {
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xff);
            boolean letterOrDigit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (letterOrDigit || PLAIN.indexOf(c) >= 0) {
                into.append(c);
            } else {
                into.append(String.format("%%%02X", (int) c));
            }
        }
    }

    /** For people, such as {@code rules[1].publish[0]}: strange names shortened and printable. */
    @Override
    public String toString() {
        var path = new StringBuilder();
        for (Step step : steps) {
            if (step instanceof Step.Item item) {
                path.append('[').append(item.index()).append(']');
            } else if (step instanceof Step.Member member) {
                path.append(path.isEmpty() ? "" : ".").append(Finding.shown(member.name(), LONGEST_SHOWN));
            }
        }
        return path.toString();
    }
}
