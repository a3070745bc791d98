package io.gatehouse.enrollment.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code gatehouse.toml}: made once with every key documented, afterwards the owner's; only single lines of it are ever changed,
 * when a port is chosen or an option on the command line says otherwise. Every change replaces the file atomically.
 */
public final class ConfigFile {
    private static final long LARGEST = 256 * 1024;
    private static final String PREAMBLE = """
            # The configuration of this Gatehouse. Every key is here; a commented line shows the default or an example.
            # Times are ISO 8601 durations. After a change restart the parts.
            """;

    private ConfigFile() {}

    /** Reads an existing file. Throws {@link ConfigException} when it is missing, wrong, or has a port that was never chosen. */
    public static ServiceConfig load(Home home) {
        ServiceConfig config = parse(home).validated();
        if (config.ports().contains(0)) {
            throw new ConfigException(
                    home.configFile().toString(),
                    "*-port",
                    "0",
                    "chosen by the first `init` or `up`, which was not run");
        }
        return config;
    }

    /**
     * Reads the file, or makes it. Options stand for their lines in the file and are kept there; the option 0 keeps a port that
     * the file already has, and each port that is then still 0 gets a free one.
     *
     * @param options texts of the command line by setting
     */
    public static ServiceConfig open(Home home, Map<Setting<?>, String> options) {
        boolean exists = Files.exists(home.configFile());
        RawConfig before =
                exists ? parse(home) : RawConfig.empty(home.configFile().toString());
        Map<Setting<?>, Object> wanted = new LinkedHashMap<>();
        options.forEach((setting, text) -> wanted.put(setting, setting.fromOption(text)));
        if (exists) {
            Settings.PORTS.forEach(port -> keepChosen(port, before, wanted));
        }
        RawConfig raw = before.with(wanted);
        Map<Setting<?>, Object> changes = new LinkedHashMap<>(chosenPorts(raw));
        ServiceConfig config = raw.with(changes).validated();
        if (!exists) {
            home.create();
            replace(home.configFile(), document(raw.with(changes)));
            return config;
        }
        wanted.forEach((setting, value) -> {
            if (!before.get(setting).equals(Optional.of(value))) {
                changes.putIfAbsent(setting, value);
            }
        });
        if (!changes.isEmpty()) {
            replace(home.configFile(), edited(read(home.configFile()), changes));
        }
        return config;
    }

    private static void keepChosen(Setting<Integer> port, RawConfig before, Map<Setting<?>, Object> wanted) {
        if (Integer.valueOf(0).equals(wanted.get(port)) && before.get(port).isPresent()) {
            wanted.remove(port);
        }
    }

    private static Map<Setting<?>, Object> chosenPorts(RawConfig raw) {
        Set<Integer> taken = new HashSet<>();
        Settings.PORTS.forEach(setting -> raw.get(setting).ifPresent(taken::add));
        Map<Setting<?>, Object> chosen = new HashMap<>();
        for (Setting<Integer> setting : Settings.PORTS) {
            if (raw.get(setting).equals(Optional.of(0))) {
                Setting<String> bind = setting.equals(Settings.ADMIN_PORT) ? Settings.ADMIN_BIND : Settings.BIND;
                String address = raw.get(bind).orElseThrow();
                if (!FreePorts.isLocal(address)) {
                    throw new ConfigException(raw.file(), bind.key(), address, bind.allowed());
                }
                int port = FreePorts.choose(address, candidate -> !taken.contains(candidate));
                taken.add(port);
                chosen.put(setting, port);
            }
        }
        return chosen;
    }

    /** The whole documented file; keys that have their default value stand there as comments. */
    static String document(RawConfig values) {
        StringBuilder text = new StringBuilder(PREAMBLE);
        for (Setting<?> setting : Settings.ALL) {
            text.append('\n');
            wrapped(setting.doc(), text);
            wrapped("Allowed: " + setting.allowed() + ".", text);
            text.append(line(setting, values)).append('\n');
        }
        return text.toString();
    }

    private static <T> String line(Setting<T> setting, RawConfig values) {
        Optional<T> value = values.get(setting);
        if (value.isEmpty()) {
            return "#" + setting.key() + " = " + setting.example();
        }
        String mark = value.equals(setting.fallback()) && !Settings.PORTS.contains(setting) ? "#" : "";
        return mark + setting.key() + " = " + setting.toToml(value.get());
    }

    private static void wrapped(String sentence, StringBuilder out) {
        int width = 0;
        for (String word : sentence.split(" ", -1)) {
            if (width == 0 || width + word.length() > 110) {
                out.append(width == 0 ? "#" : "\n#");
                width = 1;
            }
            out.append(' ').append(word);
            width += word.length() + 1;
        }
        out.append('\n');
    }

    /** The text with the lines of these settings replaced; a line that stands commented comes alive; a missing one is added on top. */
    private static String edited(String text, Map<Setting<?>, Object> changes) {
        String result = text;
        for (Map.Entry<Setting<?>, Object> change : changes.entrySet()) {
            result = edited(result, change.getKey(), change.getValue());
        }
        RawConfig.parse("the edited configuration", result);
        return result;
    }

    private static <T> String edited(String text, Setting<T> setting, Object value) {
        @SuppressWarnings("unchecked") // the value was read by this setting
        String line = setting.key() + " = " + setting.toToml((T) value);
        for (String mark : new String[] {"", "#"}) {
            Matcher found = Pattern.compile(
                            "(?m)^[ \\t]*" + mark + "[ \\t]*" + Pattern.quote(setting.key()) + "[ \\t]*=.*$")
                    .matcher(text);
            if (found.find()) {
                return text.substring(0, found.start()) + line + text.substring(found.end());
            }
        }
        return line + "\n" + text;
    }

    private static RawConfig parse(Home home) {
        return RawConfig.parse(home.configFile().toString(), read(home.configFile()));
    }

    private static String read(Path file) {
        try {
            if (Files.size(file) > LARGEST) {
                throw new ConfigException(file.toString(), "", "", "larger than 256 KiB");
            }
            return Files.readString(file);
        } catch (java.nio.file.NoSuchFileException e) {
            throw new ConfigException(
                    file.toString(), "", "", "not there; `gatehouse init` or `gatehouse up` makes it");
        } catch (java.nio.charset.CharacterCodingException e) {
            throw new ConfigException(file.toString(), "", "", "not UTF-8 text");
        } catch (IOException e) {
            throw new ConfigException(
                    file.toString(), "", "", "cannot be read: " + e.getClass().getSimpleName());
        }
    }

    private static void replace(Path file, String text) {
        Path next = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.writeString(next, text);
            try (FileChannel channel = FileChannel.open(next, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            DurableFiles.move(next, file);
            DurableFiles.flush(Objects.requireNonNull(file.getParent()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
