package io.gatehouse.identity.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlaceTest {
    /** The examples of RFC 6901, section 6. */
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "foo,  #/foo",
                "``,   #/",
                "a/b,  #/a~1b",
                "c%d,  #/c%25d",
                "e^f,  #/e%5Ef",
                "g|h,  #/g%7Ch",
                "i\\j, #/i%5Cj",
                "k\"l, #/k%22l",
                "` `,  #/%20",
                "m~n,  #/m~0n"
            })
    void a_name_is_escaped_as_rfc_6901_does(String name, String pointer) {
        assertThat(Place.of(name).pointer()).isEqualTo(pointer);
    }

    @Test
    void the_document_and_its_lists_are_pointed_at() {
        assertThat(Place.DOCUMENT.pointer()).isEqualTo("#");
        assertThat(Place.of("rules").item(3).member("publish").item(10).pointer())
                .isEqualTo("#/rules/3/publish/10");
        assertThat(Place.of("publish").item(1).under(Place.of("rules").item(0))).hasToString("rules[0].publish[1]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "qos max",
                "a.b",
                "a/b",
                "a[0]",
                "]",
                "~",
                "~1",
                "~01",
                "%2F",
                "#",
                "\u00e9\ud83d\ude00",
                "\u0000\u001b[31m",
                ""
            })
    void a_pointer_leads_through_the_document_to_the_member_that_is_wrong(String name) {
        Map<String, ?> document = Map.of(
                "rules", List.of(Map.of("publish", List.of("a")), Map.of("publish", List.of("a"), name, "this")));

        var wrong = catchThrowableOfType(PolicyException.class, () -> PolicyDocument.read(document));

        assertThat(resolved(document, wrong.findings().get(0).pointer())).isEqualTo("this");
    }

    @ParameterizedTest
    @ValueSource(ints = {257, 100_000})
    void a_pointer_ends_before_a_name_that_is_too_long(int length) {
        var rule = Map.of("publish", List.of("a"), "x".repeat(length), 1);

        var wrong =
                catchThrowableOfType(PolicyException.class, () -> PolicyDocument.read(Map.of("rules", List.of(rule))));

        assertThat(wrong.findings().get(0).pointer()).isEqualTo("#/rules/0");
    }

    @Test
    void a_pointer_ends_before_a_name_that_is_not_well_formed() {
        assertThat(Place.of("rules").item(0).member("\ud800").item(1).pointer()).isEqualTo("#/rules/0");
    }

    /** What RFC 6901, section 4, makes of the fragment that a URI parser hands over. */
    private static Object resolved(Object document, String pointer) {
        var steps = new ArrayList<>(
                List.of(URI.create("https://host/" + pointer).getFragment().split("/", -1)));
        assertThat(steps.remove(0)).isEmpty();
        Object here = document;
        for (String step : steps) {
            here = here instanceof List<?> list
                    ? list.get(Integer.parseInt(step))
                    : ((Map<?, ?>) here).get(step.replace("~1", "/").replace("~0", "~"));
        }
        return here;
    }
}
