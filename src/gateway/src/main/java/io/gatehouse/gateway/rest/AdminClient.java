package io.gatehouse.gateway.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
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
        HttpResponse<String> response = exchange(request.build(), BodyHandlers.ofString());
        return understood(response.statusCode(), response.body());
    }

    /**
     * Copies a body of any length, without holding it.
     *
     * @throws RequestRefused when the service answers with 4xx or 5xx
     * @throws ServiceUnreachable when no service that can be believed answers, or when the body broke off
     */
    public void download(String path, OutputStream to) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(target.url().resolve(path))
                .timeout(ANSWER)
                .header("Authorization", "Bearer " + target.token())
                .build();
        HttpResponse<InputStream> response = exchange(request, BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            if (response.statusCode() >= 400) {
                understood(response.statusCode(), new String(body.readNBytes(65_536), StandardCharsets.UTF_8));
            }
            byte[] buffer = new byte[1 << 16];
            for (int length = read(body, buffer); length >= 0; length = read(body, buffer)) {
                to.write(buffer, 0, length);
            }
            to.flush();
        }
    }

    /** What the network does is not what the file does. */
    private int read(InputStream body, byte[] buffer) {
        try {
            return body.read(buffer);
        } catch (IOException e) {
            throw new ServiceUnreachable("the answer of " + target + " broke off: " + cause(e));
        }
    }

    private <T> HttpResponse<T> exchange(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return http.send(request, handler);
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

    private static Reply understood(int status, String text) {
        JsonNode json = read(text);
        if (status < 400) {
            return new Reply(status, text, json);
        }
        String detail = json.path("detail").asText(json.path("title").asText("HTTP status " + status));
        throw new RequestRefused(status, json.path("reason").asText(""), detail, text);
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
