package io.gatehouse.systemtests.house;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import org.junit.jupiter.api.Test;

/** The arrows between modules and rooms: who may know whom. */
class ArrowsTest {
    private static final JavaClasses CLASSES = ProductClasses.all();

    private static final String[] SQL = {"java.sql..", "javax.sql..", "org.flywaydb..", "org.sqlite.."};
    private static final String[] HTTP_SERVER = {"org.eclipse.jetty..", "jakarta.servlet..", "com.sun.net.httpserver.."
    };
    private static final String[] BOUNCY_CASTLE = {"org.bouncycastle.."};
    private static final String MEASURING = "io.gatehouse.benchmarks..";

    @Test
    void identity_depends_on_nothing() {
        classes()
                .that()
                .resideInAPackage("io.gatehouse.identity..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.jspecify..", "io.gatehouse.identity..")
                .check(CLASSES);
    }

    @Test
    void x509_needs_the_jdk_and_identity() {
        classes()
                .that()
                .resideInAPackage("io.gatehouse.x509..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..", "javax..", "org.jspecify..", "io.gatehouse.identity..", "io.gatehouse.x509..")
                .check(CLASSES);
    }

    @Test
    void x25519_needs_the_jdk() {
        classes()
                .that()
                .resideInAPackage("io.gatehouse.x25519..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "javax..", "org.jspecify..", "io.gatehouse.x25519..")
                .check(CLASSES);
    }

    @Test
    void admission_knows_identity_and_x509_only() {
        ours("io.gatehouse.admission..", "io.gatehouse.identity..", "io.gatehouse.x509..", "io.gatehouse.admission..");
    }

    @Test
    void the_agent_knows_identity_and_x509_only() {
        ours("io.gatehouse.agent..", "io.gatehouse.identity..", "io.gatehouse.x509..", "io.gatehouse.agent..");
    }

    @Test
    void the_extension_knows_admission_and_what_is_below_it() {
        ours(
                "io.gatehouse.broker..",
                "io.gatehouse.identity..",
                "io.gatehouse.x509..",
                "io.gatehouse.admission..",
                "io.gatehouse.broker..");
    }

    @Test
    void the_enrollment_service_uses_of_admission_the_feed_lines_alone() {
        ours(
                "io.gatehouse.enrollment..",
                "io.gatehouse.identity..",
                "io.gatehouse.x509..",
                "io.gatehouse.admission.feed..",
                "io.gatehouse.enrollment..");
    }

    @Test
    void the_broker_sdk_lives_in_the_extension() {
        only("io.gatehouse.broker..", new String[] {"com.hivemq.."});
    }

    /** And in the benchmarks, which fill a registry of a million devices in seconds. */
    @Test
    void sql_lives_in_the_store() {
        noClasses()
                .that(resideOutsideOfPackages("io.gatehouse.enrollment.store..", MEASURING))
                .should()
                .dependOnClassesThat(resideInAnyPackage(SQL))
                .check(CLASSES);
        classes()
                .that(resideInAPackage("io.gatehouse.enrollment.store.."))
                .should(new ProductClasses.ExistingUse(SQL))
                .check(CLASSES);
    }

    @Test
    void the_http_server_lives_in_the_edges() {
        noClasses()
                .that(resideOutsideOfPackages(
                        "io.gatehouse.enrollment.http..",
                        "io.gatehouse.enrollment.est..",
                        "io.gatehouse.enrollment.api..",
                        "io.gatehouse.enrollment.feed..",
                        "io.gatehouse.enrollment.status..",
                        "io.gatehouse.enrollment.wiring.."))
                .should()
                .dependOnClassesThat(resideInAnyPackage(HTTP_SERVER))
                .check(CLASSES);
    }

    /** And in the benchmarks, which measure the issuing step by itself. */
    @Test
    void bouncy_castle_lives_where_certificates_are_issued() {
        noClasses()
                .that(resideOutsideOfPackages(
                        "io.gatehouse.enrollment.ca..", "io.gatehouse.enrollment.keys..", MEASURING))
                .should()
                .dependOnClassesThat(resideInAnyPackage(BOUNCY_CASTLE))
                .check(CLASSES);
    }

    @Test
    void use_cases_know_neither_edges_nor_the_sides_that_serve_them() {
        noClasses()
                .that(resideInAPackage("io.gatehouse.enrollment.app.."))
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        "io.gatehouse.enrollment.http..",
                        "io.gatehouse.enrollment.est..",
                        "io.gatehouse.enrollment.api..",
                        "io.gatehouse.enrollment.feed..",
                        "io.gatehouse.enrollment.status..",
                        "io.gatehouse.enrollment.store..",
                        "io.gatehouse.enrollment.ca..",
                        "io.gatehouse.enrollment.keys..",
                        "io.gatehouse.enrollment.wiring.."))
                .check(CLASSES);
    }

    @Test
    void the_store_and_the_authority_know_no_edge() {
        noClasses()
                .that(resideInAnyPackage(
                        "io.gatehouse.enrollment.store..",
                        "io.gatehouse.enrollment.ca..",
                        "io.gatehouse.enrollment.keys.."))
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        "io.gatehouse.enrollment.http..",
                        "io.gatehouse.enrollment.est..",
                        "io.gatehouse.enrollment.api..",
                        "io.gatehouse.enrollment.feed..",
                        "io.gatehouse.enrollment.status..",
                        "io.gatehouse.enrollment.wiring.."))
                .check(CLASSES);
    }

    @Test
    void modules_form_no_cycle() {
        slices().matching("io.gatehouse.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    private static void ours(String room, String... known) {
        noClasses()
                .that(resideInAPackage(room))
                .should()
                .dependOnClassesThat(resideInAPackage("io.gatehouse..").and(resideOutsideOfPackages(known)))
                .check(CLASSES);
    }

    private static void only(String room, String[] foreign) {
        noClasses()
                .that(resideOutsideOfPackages(room))
                .should()
                .dependOnClassesThat(resideInAnyPackage(foreign))
                .check(CLASSES);
        classes()
                .that(resideInAPackage(room))
                .should(new ProductClasses.ExistingUse(foreign))
                .check(CLASSES);
    }
}
