package io.gatehouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

@ResourceLock(Resources.SYSTEM_PROPERTIES)
class ToolsTest {
    private final String configured = System.getProperty(Tools.PROPERTY, "optional");

    @AfterEach
    void put_back() {
        System.setProperty(Tools.PROPERTY, configured);
    }

    @Test
    void finds_a_tool_that_is_there() {
        assertThat(Tools.find("sh")).isPresent();
        Tools.require("sh");
    }

    @Test
    void skips_with_the_name_of_the_missing_tool() {
        System.setProperty(Tools.PROPERTY, "optional");
        assertThatThrownBy(() -> Tools.require("sh", "no-such-tool"))
                .isInstanceOf(TestAbortedException.class)
                .hasMessageContaining("no-such-tool")
                .hasMessageNotContaining("sh,");
    }

    @Test
    void fails_when_tools_are_required() {
        System.setProperty(Tools.PROPERTY, "required");
        assertThatThrownBy(() -> Tools.require("no-such-tool"))
                .isInstanceOf(AssertionFailedError.class)
                .hasMessageContaining("no-such-tool");
    }

    @Test
    void what_the_machine_does_not_grant_is_a_missing_tool() {
        Tools.requireThat(true, "no reason");
        System.setProperty(Tools.PROPERTY, "optional");
        assertThatThrownBy(() -> Tools.requireThat(false, "may not mount"))
                .isInstanceOf(TestAbortedException.class)
                .hasMessageContaining("may not mount");
        System.setProperty(Tools.PROPERTY, "required");
        assertThatThrownBy(() -> Tools.requireThat(false, "may not mount"))
                .isInstanceOf(AssertionFailedError.class)
                .hasMessageContaining("may not mount");
    }

    @Test
    void a_missing_jdk_is_a_missing_tool() {
        System.setProperty(Tools.PROPERTY, "optional");
        assertThatThrownBy(() -> Tools.requireJdk(4)).isInstanceOf(TestAbortedException.class);
    }
}
