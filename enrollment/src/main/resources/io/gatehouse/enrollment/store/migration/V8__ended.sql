-- The last certificate that left the directory, in the order of (not_after, id): those up to it have, all others have not.
ALTER TABLE home ADD COLUMN ended_to INTEGER NOT NULL DEFAULT 0;
ALTER TABLE home ADD COLUMN ended_id INTEGER NOT NULL DEFAULT 0;
-- What ended two days ago (EndedCertificates.MARGIN) or before has left: snapshots did not hold it. A clock that is ahead at this moment
-- is mended as at any other: it is told again.
UPDATE home SET ended_to = max(0, (CAST(strftime('%s', 'now') AS INTEGER) - 2 * 86400) * 1000);
CREATE INDEX certificate_by_end ON certificate (not_after);

-- Snapshots went by the clock of their moment, so brokers differ in what they hold: a revision that nobody can be told makes each
-- take a snapshot.
DELETE FROM change;
UPDATE home SET revision = revision + 1;
