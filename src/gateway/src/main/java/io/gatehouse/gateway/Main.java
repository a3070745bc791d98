package io.gatehouse.gateway;

/** The command's entry. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.out.println("gatehouse");
    }
}
