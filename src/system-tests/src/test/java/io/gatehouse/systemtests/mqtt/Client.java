package io.gatehouse.systemtests.mqtt;

/** A program that speaks MQTT and shares nothing with Gatehouse. Thread-safe. */
interface Client {
    /** Connects, and acts as soon as it is admitted. */
    Talk start(Seat seat, Act act);
}
