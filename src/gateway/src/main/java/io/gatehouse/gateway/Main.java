package io.gatehouse.gateway;

import io.gatehouse.gateway.cli.Gatehouse;
import io.gatehouse.gateway.cli.Terminal;

/** The command's entry. */
public final class Main {
    private Main() {}

    public static void main(String[] words) {
        System.exit(Gatehouse.run(words, Terminal.ofProcess()));
    }
}
