package io.gatehouse.fuzz;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;

/**
 * What strangers may send: topics, policies, lines of the feed, reports. One test, because Jazzer fuzzes one in a run; its first byte
 * chooses. Ten seconds, ten minutes with {@code -Dgatehouse.long=true}. Each target throws when something is not as it must be.
 */
class HostileInputFuzzTest {
    @DictionaryEntries({
        "$share/g/",
        "${device}",
        "${attr.a}",
        "{\"kind\":\"hello\"",
        "{\"kind\":\"change\"",
        "\"entries\":[",
        "\"revision\":1",
        "\"kind\":\"fleet\"",
        "\"kind\":\"device\"",
        "\"kind\":\"certificate\"",
        "\"kind\":\"authority\"",
        "\"policy\":{\"rules\":[]}",
        "\"time\":\"2026-11-23T00:00:00Z\"",
        "{\"epoch\":\"e\",\"revision\":1",
        "\"opened\":[{",
        "\"refused\":[{",
        "\"status\":{",
        "{\"rules\":[{\"publish\":[\"a/#\"]}]}",
        "\"qosMax\":1",
        "\"retain\":\"only\""
    })
    @FuzzTest
    void nothing_that_is_sent_breaks_a_reader_or_a_decision(FuzzedDataProvider data) {
        switch (data.consumeInt(0, 4)) {
            case 0 -> TopicsTarget.matching(data);
            case 1 -> TopicsTarget.containment(data);
            case 2 -> PolicyTarget.document(data);
            case 3 -> FeedTarget.line(data.consumeRemainingAsBytes());
            default -> FeedTarget.report(data.consumeRemainingAsBytes());
        }
    }
}
