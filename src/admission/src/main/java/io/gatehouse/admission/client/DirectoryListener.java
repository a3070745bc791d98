package io.gatehouse.admission.client;

import io.gatehouse.admission.replica.Applied;

/** Hears of every revision right after it took effect in memory. */
public interface DirectoryListener {
    /**
     * Called on the feed's thread, in the order of revisions, at once: hand slow work on. The first call is for the replica that was
     * found on disk, if there was one: full, with the devices whose sessions an earlier run has not reported as {@link ServiceLink#purged}. Each call has
     * to be answered once by {@link ReportClient#enforced} with its revision, when everything is closed that it closes.
     */
    void onChange(Applied applied);
}
