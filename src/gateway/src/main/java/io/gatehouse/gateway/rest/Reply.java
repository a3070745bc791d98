package io.gatehouse.gateway.rest;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What the service answered to a request that it carried out.
 *
 * @param text the body as it came
 * @param json the same, read; a missing node when there is no body
 */
public record Reply(int status, String text, JsonNode json) {}
