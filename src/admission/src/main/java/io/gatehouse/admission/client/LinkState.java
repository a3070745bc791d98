package io.gatehouse.admission.client;

import java.util.Optional;

/**
 * How the connection to the service is: {@code problem} is one line for the log and the operator when something is wrong with the feed,
 * {@code replicaProblem} when the replica on disk could not be read or cannot be written (its changes are then not acknowledged).
 * What the directory itself knows (epoch, revision, last contact) is asked of it.
 */
public record LinkState(boolean connected, Optional<String> problem, Optional<String> replicaProblem) {}
