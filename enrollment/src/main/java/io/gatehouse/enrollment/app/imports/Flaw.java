package io.gatehouse.enrollment.app.imports;

import io.gatehouse.identity.RefusalReason;

/** Why something cannot be imported: where it lies, what is there, and what to do about it. */
record Flaw(String member, String value, RefusalReason reason, String detail) {
    private static final int LONGEST = 80;

    Flaw {
        value = shown(value);
    }

    static Flaw certificate(String value, RefusalReason reason, String detail) {
        return new Flaw("certificate", value, reason, detail);
    }

    ImportResult.Row at(int row, String device) {
        return new ImportResult.Row(row, shown(device), member, value, reason, detail);
    }

    /** A stranger's text: short, and nothing that a terminal or a log would obey. */
    private static String shown(String text) {
        var plain = new StringBuilder();
        text.codePoints()
                .limit(LONGEST + 1L)
                .map(c -> Character.isISOControl(c) || !Character.isDefined(c) ? '?' : c)
                .forEach(plain::appendCodePoint);
        return plain.length() > LONGEST ? plain.substring(0, LONGEST) + "…" : plain.toString();
    }
}
