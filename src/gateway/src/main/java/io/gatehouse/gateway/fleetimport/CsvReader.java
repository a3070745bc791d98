package io.gatehouse.gateway.fleetimport;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Comma-separated values (RFC 4180): fields in double quotes may hold commas, line ends and doubled quotes. Bounded: a record has at
 * most 64 fields and 256 Ki characters. For one thread.
 */
final class CsvReader {
    private static final int MOST_FIELDS = 64;
    private static final int LONGEST = 256 * 1024;
    private static final int BYTE_ORDER_MARK = 0xfeff;

    private final Reader in;
    private int line = 1;
    private int recordLine = 1;
    private int next;

    /** {@code in} is read in small steps: buffer it. */
    CsvReader(Reader in) throws IOException {
        this.in = in;
        next = in.read();
        if (next == BYTE_ORDER_MARK) {
            next = in.read();
        }
    }

    /** The line on which the last record began, from 1. */
    int line() {
        return recordLine;
    }

    /** The next record that is not an empty line; nothing at the end. Throws {@link CsvException} for what is no CSV. */
    Optional<List<String>> record() throws IOException {
        while (next == '\r' || next == '\n') {
            take();
        }
        if (next < 0) {
            return Optional.empty();
        }
        recordLine = line;
        var fields = new ArrayList<String>();
        int room = LONGEST;
        while (true) {
            String field = next == '"' ? quoted(room) : plain(room);
            room -= field.length();
            fields.add(field);
            if (fields.size() > MOST_FIELDS) {
                throw new CsvException(recordLine, "more than " + MOST_FIELDS + " fields");
            }
            if (next != ',') {
                break;
            }
            take();
        }
        if (next == '\r') {
            take();
        }
        if (next >= 0 && next != '\n') {
            throw new CsvException(line, "a comma or the end of the line must follow a closing quote");
        }
        return Optional.of(fields);
    }

    private String plain(int room) throws IOException {
        var field = new StringBuilder();
        while (next >= 0 && next != ',' && next != '\n' && next != '\r') {
            if (next == '"') {
                throw new CsvException(line, "a quote inside a field that does not begin with one");
            }
            append(field, room);
        }
        return field.toString();
    }

    private String quoted(int room) throws IOException {
        var field = new StringBuilder();
        take();
        while (true) {
            if (next < 0) {
                throw new CsvException(recordLine, "a quote that is never closed");
            }
            if (next == '"') {
                take();
                if (next != '"') {
                    return field.toString();
                }
            }
            append(field, room);
        }
    }

    private void append(StringBuilder field, int room) throws IOException {
        if (field.length() >= room) {
            throw new CsvException(recordLine, "a record of more than " + LONGEST + " characters");
        }
        field.append((char) next);
        take();
    }

    private void take() throws IOException {
        if (next == '\n') {
            line++;
        }
        next = in.read();
    }

    /** What is no CSV; the lines after it cannot be told apart. */
    static final class CsvException extends IOException {
        private static final long serialVersionUID = 1L;

        private final int line;
        private final String wrong;

        CsvException(int line, String wrong) {
            super(wrong);
            this.line = line;
            this.wrong = wrong;
        }

        String wrong() {
            return wrong;
        }

        int line() {
            return line;
        }
    }
}
