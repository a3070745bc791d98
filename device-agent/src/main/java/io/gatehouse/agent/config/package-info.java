/** The agent's settings: declared once each, read from TOML files and the environment. */
@NullMarked
package io.gatehouse.agent.config;

import org.jspecify.annotations.NullMarked;
