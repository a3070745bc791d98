package io.gatehouse.identity;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class DependsOnNothingTest {
    @Test
    void identity_needs_nothing_but_the_java_base_module() {
        var ours = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.gatehouse.identity");

        assertThat(ours).isNotEmpty();
        classes()
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage("io.gatehouse.identity..", "java..", "org.jspecify.."))
                .check(ours);
        for (var type : ours) {
            type.getDirectDependenciesFromSelf().stream()
                    .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                    .filter(target -> target.getPackageName().startsWith("java"))
                    .forEach(target -> assertThat(target.reflect().getModule().getName())
                            .as(target.getName())
                            .isEqualTo("java.base"));
        }
    }
}
