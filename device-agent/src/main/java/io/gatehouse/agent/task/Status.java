package io.gatehouse.agent.task;

import io.gatehouse.agent.Attempt;
import io.gatehouse.agent.ExitCode;
import io.gatehouse.agent.Failure;
import io.gatehouse.agent.service.Standing;
import io.gatehouse.agent.state.GenerationStore;
import io.gatehouse.x509.Certificates;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the device is, as far as it knows itself, and what the service says of it now. */
public record Status(Map<String, Object> facts, ExitCode exit) {

    /** Looks at the disk and asks the service. */
    public static Status of(Device device, GenerationStore store) {
        var facts = new LinkedHashMap<String, Object>();
        var generation = device.generation();
        var certificate = generation.certificate();
        facts.put("device", device.id().value());
        facts.put("url", generation.purpose().url());
        facts.put("sha256", Certificates.fingerprint(certificate).hex());
        facts.put("notBefore", certificate.getNotBefore().toInstant().toString());
        facts.put("notAfter", certificate.getNotAfter().toInstant().toString());
        var window = generation.window();
        facts.put("renewFrom", window.from().toString());
        facts.put("renewUntil", window.until().toString());
        facts.put("renewalBegun", store.staged().isPresent());
        var standing = device.standing();
        facts.put("serviceReachable", standing.result().isPresent());
        standing.result().ifPresent(said -> add(facts, said));
        return new Status(facts, exit(standing, facts));
    }

    private static void add(Map<String, Object> facts, Standing said) {
        facts.put("state", said.state());
        said.reason().ifPresent(reason -> facts.put("reason", reason.word()));
        said.broker().ifPresent(broker -> facts.put("broker", broker));
        said.time().ifPresent(time -> facts.put("serviceTime", time.toString()));
    }

    private static ExitCode exit(Attempt<Standing> standing, Map<String, Object> facts) {
        standing.failure().ifPresent(failure -> facts.put("failure", failure.message()));
        return standing.failure()
                .or(() -> standing.result().flatMap(Standing::failure))
                .map(Failure::exit)
                .orElse(ExitCode.DONE);
    }
}
