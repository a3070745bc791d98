package io.gatehouse.gateway.fleetimport;

/** What is wrong with a row: where in it, what is there, the word, and what to do about it. Texts are those of strangers. */
public record RowFault(String member, String value, String reason, String detail) {}
