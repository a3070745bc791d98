package io.gatehouse.gateway.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLException;

/** Calls the REST API with a token. One request at a time is enough for a command; safe for use by many threads. */
public final class AdminClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(60);

    private final AdminTarget target;
    private final HttpClient http;

    public AdminClient(AdminTarget target) {
        this.target = target;
        this.http = HttpClient.newBuilder()
                .sslContext(target.tls())
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .build();
    }

    public Reply get(String path) {
        return send("GET", path, Map.of());
    }

    public Reply post(String path, Map<String, ?> body) {
        return send("POST", path, body);
    }

    /**
     * Sends a request; an empty body is left out.
     *
     * @throws RequestRefused when the service answers with 4xx or 5xx
     * @throws ServiceUnreachable when no service that can be believed answers
     */
    public Reply send(String method, String path, Map<String, ?> body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(target.url().resolve(path))
                .timeout(ANSWER)
                .header("Authorization", "Bearer " + target.token())
                .header("Accept", "application/json");
        if (body.isEmpty()) {
            request.method(method, BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json").method(method, BodyPublishers.ofString(write(body)));
        }
        return understood(exchange(request.build()));
    }

    private HttpResponse<String> exchange(HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (SSLException e) {
            throw new ServiceUnreachable("what answers at " + target + " cannot be believed: " + e.getMessage());
        } catch (ConnectException e) {
            throw new ServiceUnreachable("nothing answers at " + target + ": is the service running?");
        } catch (IOException e) {
            throw new ServiceUnreachable("the service at " + target + " cannot be reached: " + cause(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServiceUnreachable("interrupted while waiting for " + target);
        }
    }

    private static Reply understood(HttpResponse<String> response) {
        String text = response.body();
        JsonNode json = read(text);
        if (response.statusCode() < 400) {
            return new Reply(response.statusCode(), text, json);
        }
        String detail = json.path("detail").asText(json.path("title").asText("HTTP status " + response.statusCode()));
        throw new RequestRefused(response.statusCode(), json.path("reason").asText(""), detail, text);
    }

    private static JsonNode read(String text) {
        if (text.isBlank()) {
            return MissingNode.getInstance();
        }
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance(); // the status says enough
        }
    }

    private static String write(Map<String, ?> body) {
        try {
            return JSON.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be written as JSON", e);
        }
    }

    private static String cause(IOException e) {
        String message = e.getMessage();
        return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
    }
}
