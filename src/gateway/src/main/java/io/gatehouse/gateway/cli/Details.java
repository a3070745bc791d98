package io.gatehouse.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;

/** One JSON object as lines of name and value; what is nested is indented. */
final class Details {
    private static final String INDENT = "  ";

    private Details() {}

    static void print(JsonNode object, PrintStream out) {
        print(object, out, "");
    }

    private static void print(JsonNode object, PrintStream out, String indent) {
        int width = 0;
        for (var names = object.fieldNames(); names.hasNext(); ) {
            width = Math.max(width, names.next().length());
        }
        for (var member : object.properties()) {
            String label = indent
                    + member.getKey()
                    + " ".repeat(width - member.getKey().length() + 2);
            value(label, member.getValue(), out, indent + INDENT);
        }
    }

    private static void value(String label, JsonNode value, PrintStream out, String indent) {
        if (value.isObject() && !value.isEmpty()) {
            out.println(label.stripTrailing());
            print(value, out, indent);
        } else if (value.isArray() && !value.isEmpty() && value.get(0).isObject()) {
            out.println(label.stripTrailing());
            for (JsonNode item : value) {
                print(item, out, indent);
                out.println();
            }
        } else {
            out.println(label + Table.cell(value));
        }
    }
}
