package io.gatehouse.x509.der;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DerTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "", // nothing
                "30", // no length
                "3080020101 0000", // indefinite
                "308103020101", // long form of a short length
                "30820003020101", // a leading zero octet
                "3085000000000302 0101", // five octets of length
                "3003 0201", // cut off
                "30030201 0100", // trailing
                "3f8103020101", // high tag number
                "3084ffffffff", // longer than any array
            })
    void refuses_a_sequence_that_is_not_der(String hex) {
        var bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        assertThatThrownBy(() -> {
                    var reader = new DerReader(bytes);
                    var sequence = reader.sequence();
                    reader.end();
                    sequence.integer();
                    sequence.end();
                })
                .isInstanceOf(MalformedException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0200", "02020001", "0202ffff", "020200 7f"})
    void refuses_an_integer_that_is_not_in_its_shortest_form(String hex) {
        assertThatThrownBy(() -> read(hex).integer()).isInstanceOf(MalformedException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0600", "060180", "06028001", "060b2b ffffffffffffffffff7f", "060188"})
    void refuses_an_object_identifier_that_is_not_der(String hex) {
        assertThatThrownBy(() -> read(hex).oid()).isInstanceOf(MalformedException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.2.840.113549.1.1.11",
                "2.5.4.3",
                "2.999.1",
                "0.9.2342.19200300.100.1.1",
                "2.16.840.1.101.3.4.1.42"
            })
    void writes_and_reads_an_object_identifier(String oid) throws MalformedException {
        assertThat(new DerReader(DerWriter.oid(oid)).oid()).isEqualTo(oid);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x10000, 0x12345})
    void writes_and_reads_an_octet_string_of_any_length(int length) throws MalformedException {
        assertThat(new DerReader(DerWriter.octetString(new byte[length])).octetString())
                .hasSize(length);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1950-01-01T00:00:00Z", "2049-12-31T23:59:59Z", "2050-01-01T00:00:00Z", "9999-12-31T23:59:59Z"})
    void writes_and_reads_a_time(String time) throws MalformedException {
        var instant = Instant.parse(time);
        assertThat(new DerReader(DerWriter.time(instant)).time()).isEqualTo(instant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "170b323630313031303030305a",
                "170d3236303133313235303030305a",
                "17113236303130313030303030302b30313030"
            })
    void refuses_a_time_without_seconds_or_that_does_not_exist(String hex) {
        assertThatThrownBy(() -> read(hex).time()).isInstanceOf(MalformedException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0c02c080", "0c01ff", "13012a", "1601e4", "1e020041", "140141"})
    void refuses_text_that_its_kind_cannot_hold(String hex) {
        assertThatThrownBy(() -> read(hex).string()).isInstanceOf(MalformedException.class);
    }

    @Test
    void refuses_a_boolean_that_is_neither_00_nor_ff() {
        assertThatThrownBy(() -> read("010101").bool()).isInstanceOf(MalformedException.class);
    }

    @Test
    void reads_named_bits_from_the_left() throws MalformedException {
        assertThat(read("03020780").namedBits()).isEqualTo(1);
        assertThat(read("03020106").namedBits()).isEqualTo(1 << 5 | 1 << 6);
    }

    @Test
    void an_integer_within_a_bound_is_read_and_above_it_refused() throws MalformedException {
        assertThat(new DerReader(DerWriter.integer(5)).integer(5)).isEqualTo(5);
        assertThatThrownBy(() -> new DerReader(DerWriter.integer(6)).integer(5)).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> new DerReader(DerWriter.integer(-1)).integer(5))
                .isInstanceOf(MalformedException.class);
        var huge = DerWriter.integer(BigInteger.ONE.shiftLeft(64).add(BigInteger.TWO));
        assertThatThrownBy(() -> new DerReader(huge).integer(5)).isInstanceOf(MalformedException.class);
    }

    private static DerReader read(String hex) {
        return new DerReader(HexFormat.of().parseHex(hex.replace(" ", "")));
    }
}
