package io.gatehouse.systemtests.house;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.gatehouse.systemtests.Repository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The compiled classes of everything that is shipped. */
final class ProductClasses {
    private static final List<String> MODULES = List.of(
            "src/identity",
            "src/x509",
            "src/x25519",
            "src/admission",
            "enrollment",
            "broker-extension",
            "device-agent",
            "src/gateway",
            "src/benchmarks");

    private ProductClasses() {}

    static JavaClasses all() {
        List<Path> places = MODULES.stream()
                .map(module -> Repository.root().resolve(module).resolve("target/classes"))
                .toList();
        places.forEach(place -> {
            if (!Files.isDirectory(place.resolve("io/gatehouse"))) {
                throw new AssertionError("not compiled: " + place);
            }
        });
        return new ClassFileImporter().importPaths(places);
    }

    /** Holds when at least one class of the room uses what the room is for: a rule about nothing would hold for ever. */
    static final class ExistingUse extends ArchCondition<JavaClass> {
        private final String[] packages;
        private boolean used;

        ExistingUse(String... packages) {
            super("use " + Arrays.toString(packages) + " somewhere");
            this.packages = packages;
        }

        @Override
        public void check(JavaClass item, ConditionEvents events) {
            used = used
                    || item.getDirectDependenciesFromSelf().stream()
                            .anyMatch(dependency -> Arrays.stream(packages)
                                    .map(each -> each.replace("..", ""))
                                    .anyMatch(dependency.getTargetClass().getPackageName()::startsWith));
        }

        @Override
        public void finish(ConditionEvents events) {
            if (!used) {
                events.add(SimpleConditionEvent.violated(this, "nothing there uses " + Arrays.toString(packages)));
            }
        }
    }
}
