package io.gatehouse.admission.client;

import io.gatehouse.admission.feed.Report;
import java.util.List;

/** Items of a report whose texts can be written in any case, whatever a client put into them. */
final class Bounded {
    private static final int MOST_CHARACTERS = 256;
    /** What the service takes as one text. */
    private static final int LONGEST_SENTENCE = 512;

    private Bounded() {}

    static Report.Opened of(Report.Opened session) {
        return new Report.Opened(
                session.session(),
                bounded(session.clientId()),
                session.device(),
                session.certificate(),
                bounded(session.address()),
                bounded(session.listener()),
                bounded(session.tls()),
                session.since());
    }

    static Report.Closed of(Report.Closed session) {
        return new Report.Closed(
                session.session(),
                bounded(session.clientId()),
                session.device(),
                bounded(session.reason()),
                session.at());
    }

    static Report.Refused of(Report.Refused refusal) {
        return new Report.Refused(
                refusal.at(),
                refusal.reason(),
                refusal.clientId().map(Bounded::bounded),
                refusal.device(),
                refusal.certificate(),
                bounded(refusal.address()));
    }

    static Report.Status of(Report.Status status) {
        return new Report.Status(
                status.ready(),
                status.reason().map(Bounded::bounded),
                bounded(status.provider()),
                bounded(status.version()),
                status.trusted().subList(0, Math.min(status.trusted().size(), Report.Status.MOST_TRUSTED)),
                sentences(status.problems()),
                sentences(status.warnings()));
    }

    private static List<String> sentences(List<String> all) {
        return all.stream()
                .limit(Report.Status.MOST_SENTENCES)
                .map(sentence -> bounded(sentence, LONGEST_SENTENCE))
                .toList();
    }

    /** What a stranger chose, so that it can be written in any case: no longer than that, and no half of a surrogate pair. */
    private static String bounded(String text) {
        return bounded(text, MOST_CHARACTERS);
    }

    private static String bounded(String text, int most) {
        int end = Math.min(text.length(), most);
        var bounded = new StringBuilder(end);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            boolean pair = i + 1 < end && Character.isSurrogatePair(c, text.charAt(i + 1));
            if (pair) {
                bounded.append(c).append(text.charAt(++i));
            } else {
                bounded.append(Character.isSurrogate(c) ? '\ufffd' : c);
            }
        }
        return bounded.toString();
    }
}
