package io.gatehouse.systemtests.house;

import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The wall clock is read where the parts are put together, and nowhere else. */
class ClockTest {
    private static final Map<String, Set<String>> CLOCKS = Map.of(
            Instant.class.getName(), Set.of("now"),
            Clock.class.getName(), Set.of("systemUTC", "systemDefaultZone", "system", "tickMillis", "tickSeconds"),
            InstantSource.class.getName(), Set.of("system"),
            System.class.getName(), Set.of("currentTimeMillis"));

    private static final ArchRule RULE = noClasses()
            .that(DescribedPredicate.not(where_parts_are_put_together()))
            .should()
            .accessTargetWhere(reads_the_wall_clock());

    @Test
    void the_wall_clock_is_read_only_where_parts_are_put_together() {
        RULE.check(ProductClasses.all());
    }

    @Test
    void the_rule_sees_each_way_to_read_the_clock() {
        for (Class<?> offender : new Class<?>[] {ReadsInstant.class, ReadsMillis.class, ReadsDate.class}) {
            assertThat(RULE.evaluate(new ClassFileImporter().importClasses(offender))
                            .hasViolation())
                    .as(offender.getSimpleName())
                    .isTrue();
        }
    }

    private static DescribedPredicate<JavaClass> where_parts_are_put_together() {
        return JavaClass.Predicates.resideInAPackage("..wiring..")
                .or(JavaClass.Predicates.resideInAPackage("io.gatehouse.gateway.."))
                .or(JavaClass.Predicates.resideInAPackage("io.gatehouse.benchmarks.."))
                .or(nameMatching("io\\.gatehouse\\.broker\\.GatehouseExtension(\\$.*)?")
                        .forSubtype())
                .or(nameMatching("io\\.gatehouse\\.agent\\.AgentCommand(\\$.*)?")
                        .forSubtype());
    }

    private static DescribedPredicate<JavaAccess<?>> reads_the_wall_clock() {
        return DescribedPredicate.describe("reads the wall clock", access -> {
            String owner = access.getTargetOwner().getName();
            String name = access.getName();
            boolean named = CLOCKS.getOrDefault(owner, Set.of()).contains(name);
            boolean date = owner.equals(Date.class.getName())
                    && name.equals("<init>")
                    && access.getTarget().getFullName().endsWith("<init>()");
            boolean local = owner.startsWith("java.time.") && name.equals("now");
            return named || date || local;
        });
    }

    private static final class ReadsInstant {
        Instant time() {
            return Instant.now();
        }
    }

    private static final class ReadsMillis {
        long time() {
            return System.currentTimeMillis();
        }
    }

    private static final class ReadsDate {
        @SuppressWarnings("JavaUtilDate") // the offence that the rule must see
        Date time() {
            return new Date();
        }
    }
}
