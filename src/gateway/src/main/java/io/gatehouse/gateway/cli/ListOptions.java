package io.gatehouse.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatehouse.gateway.rest.AdminClient;
import io.gatehouse.gateway.rest.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What all verbs that list something have in common: one page of the REST interface at a time, or, for people, all of them. */
final class ListOptions {
    @Mixin
    private AdminOptions admin = new AdminOptions();

    @Option(names = "--limit", paramLabel = "N", description = "at most so many (default: all, with --json one page)")
    private Optional<Integer> limit = Optional.empty();

    @Option(names = "--after", paramLabel = "CURSOR", description = "go on behind the page that had this in \"next\"")
    private Optional<String> after = Optional.empty();

    /** Lists what is at the path. */
    int list(Terminal terminal, String path, String... columns) {
        return list(terminal, path, List.of(), columns);
    }

    /** Lists what is at the path, narrowed by these {@code name=value} parameters. */
    int list(Terminal terminal, String path, List<String> parameters, String... columns) {
        AdminClient client = admin.client(terminal);
        Reply page = client.get(path + query(parameters, after));
        admin.show(page, terminal.out(), out -> {
            Table table = new Table(columns).addAll(page.json().path("items"));
            Optional<String> next = next(page.json());
            while (next.isPresent() && limit.isEmpty()) {
                Reply more = client.get(path + query(parameters, next));
                table.addAll(more.json().path("items"));
                next = next(more.json());
            }
            table.print(out);
            next.ifPresent(cursor -> out.println("more: --after " + cursor));
        });
        return Exit.DONE;
    }

    private String query(List<String> parameters, Optional<String> cursor) {
        List<String> all = new ArrayList<>(parameters);
        limit.ifPresent(n -> all.add("limit=" + n));
        cursor.ifPresent(c -> all.add("after=" + AdminOptions.encoded(c)));
        return all.isEmpty() ? "" : "?" + String.join("&", all);
    }

    private static Optional<String> next(JsonNode page) {
        return page.path("next").isTextual() ? Optional.of(page.path("next").asText()) : Optional.empty();
    }
}
