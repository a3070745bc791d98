package io.gatehouse.gateway.cli;

import io.gatehouse.gateway.Bench;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/** {@code gatehouse bench NAME ...}: hands its words to the benchmark of that name. */
final class BenchVerb {
    private BenchVerb() {}

    static int run(List<String> words, Terminal terminal) {
        if (words.isEmpty() || words.get(0).startsWith("-")) {
            boolean asked = words.contains("--help") || words.contains("-h");
            (asked ? terminal.out() : terminal.err()).println(usage());
            return asked ? Exit.DONE : Exit.USAGE;
        }
        return benches()
                .filter(bench -> bench.name().equals(words.get(0)))
                .findFirst()
                .map(bench -> bench.run(words.subList(1, words.size()), terminal.out(), terminal.err()))
                .orElseGet(() -> {
                    terminal.err().println("gatehouse: no such benchmark\n" + usage());
                    return Exit.USAGE;
                });
    }

    private static String usage() {
        StringBuilder text = new StringBuilder("Usage: gatehouse bench NAME [--json] [OPTION...]\nBenchmarks:");
        benches()
                .forEach(bench ->
                        text.append("\n  ").append(bench.name()).append("  ").append(bench.description()));
        return text.toString();
    }

    private static Stream<Bench> benches() {
        return ServiceLoader.load(Bench.class).stream().map(ServiceLoader.Provider::get);
    }
}
