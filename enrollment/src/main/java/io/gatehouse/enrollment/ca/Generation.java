package io.gatehouse.enrollment.ca;

import java.util.Optional;

/**
 * One authority in one role: a CA that is rotated gets a successor with the next number. The first goes by the role's word alone, as
 * {@code devices}, the others carry their number, as {@code devices-2}. Their certificates, CRLs and files keep these names for good.
 *
 * @param number 1 for the one that the home was made with
 */
public record Generation(AuthorityName role, int number) implements Comparable<Generation> {
    public Generation {
        if (number < 1) {
            throw new IllegalArgumentException("generations begin with 1");
        }
    }

    /** The one that the home was made with. */
    public static Generation first(AuthorityName role) {
        return new Generation(role, 1);
    }

    /** The generation with that word, or nothing; whether there is such an authority is another question. */
    public static Optional<Generation> ofWord(String word) {
        for (var role : AuthorityName.values()) {
            if (word.equals(role.word())) {
                return Optional.of(first(role));
            }
            var prefix = role.word() + "-";
            if (word.startsWith(prefix) && word.substring(prefix.length()).matches("[1-9][0-9]{0,5}")) {
                var number = Integer.parseInt(word.substring(prefix.length()));
                return number == 1 ? Optional.empty() : Optional.of(new Generation(role, number));
            }
        }
        return Optional.empty();
    }

    /** The one that follows it. */
    Generation next() {
        return new Generation(role, number + 1);
    }

    /** As in addresses and files. */
    public String word() {
        return number == 1 ? role.word() : role.word() + "-" + number;
    }

    @Override
    public int compareTo(Generation other) {
        return role == other.role ? Integer.compare(number, other.number) : role.compareTo(other.role);
    }

    @Override
    public String toString() {
        return word();
    }
}
