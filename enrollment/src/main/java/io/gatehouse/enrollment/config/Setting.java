package io.gatehouse.enrollment.config;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One key of {@code gatehouse.toml}, declared once: the reader, the file that {@code init} writes and the command's options all
 * follow from it. Immutable and thread-safe.
 */
public final class Setting<T> {
    private final String key;
    private final String doc;
    private final String example;
    private final Optional<T> fallback;
    private final SettingType<T> type;

    Setting(String key, SettingType<T> type, Optional<T> fallback, String example, String doc) {
        this.key = key;
        this.type = type;
        this.fallback = fallback;
        this.example = example;
        this.doc = doc;
    }

    /** The name in the file; the command's option is {@code --key}. */
    public String key() {
        return key;
    }

    /** What it means, in sentences, for the file and for {@code --help}. */
    public String doc() {
        return doc;
    }

    /** What a value must look like, for error messages. */
    public String allowed() {
        return type.allowed();
    }

    /** A value in TOML. */
    public String example() {
        return example;
    }

    /** The value when the key is absent; nothing means that absence itself has a meaning. */
    public Optional<T> fallback() {
        return fallback;
    }

    /** Reads a value as the TOML reader gives it (String, Integer, Boolean, List). */
    T fromFile(String file, Object raw) {
        return type.fromToml()
                .apply(raw)
                .orElseThrow(() -> new ConfigException(file, key, String.valueOf(raw), type.allowed()));
    }

    /** Reads the text of a command line option. */
    T fromOption(String text) {
        return type.fromText()
                .apply(text)
                .orElseThrow(() -> new ConfigException("command line", "--" + key, text, type.allowed()));
    }

    String toToml(T value) {
        return type.toToml().apply(value);
    }

    @Override
    public String toString() {
        return key;
    }

    /** How values of one kind are read and written. */
    record SettingType<T>(
            String allowed,
            Function<Object, Optional<T>> fromToml,
            Function<String, Optional<T>> fromText,
            Function<T, String> toToml) {

        static SettingType<Integer> number(int least, int most, String allowed) {
            return new SettingType<>(
                    allowed,
                    raw -> raw instanceof Integer n && n >= least && n <= most ? Optional.of(n) : Optional.empty(),
                    text -> text.matches("[0-9]{1,9}") ? inside(Integer.parseInt(text), least, most) : Optional.empty(),
                    n -> Integer.toString(n));
        }

        static <T> SettingType<T> text(String allowed, Function<String, Optional<T>> read) {
            return new SettingType<>(
                    allowed,
                    raw -> raw instanceof String s ? read.apply(s) : Optional.empty(),
                    read,
                    value -> quoted(value.toString()));
        }

        static SettingType<List<String>> texts(String allowed, Function<String, Optional<String>> read) {
            return new SettingType<>(
                    allowed,
                    raw -> raw instanceof List<?> list ? each(list, read) : Optional.empty(),
                    text -> each(List.of(text.split(",", -1)), read),
                    list -> list.stream()
                            .map(SettingType::quoted)
                            .collect(java.util.stream.Collectors.joining(", ", "[", "]")));
        }

        private static Optional<Integer> inside(int n, int least, int most) {
            return n >= least && n <= most ? Optional.of(n) : Optional.empty();
        }

        private static Optional<List<String>> each(List<?> list, Function<String, Optional<String>> read) {
            List<String> values = list.stream()
                    .filter(String.class::isInstance)
                    .flatMap(s -> read.apply((String) s).stream())
                    .toList();
            boolean allRead = values.size() == list.size();
            boolean different = values.stream().distinct().count() == values.size();
            return allRead && different && !values.isEmpty() ? Optional.of(values) : Optional.empty();
        }

        private static String quoted(String text) {
            return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
        }
    }
}
