/**
 * The home of an installation and its one configuration file: TOML, then raw values, then a validated {@code ServiceConfig}; and files that
 * outlast a power cut.
 */
@NullMarked
package io.gatehouse.enrollment.config;

import org.jspecify.annotations.NullMarked;
