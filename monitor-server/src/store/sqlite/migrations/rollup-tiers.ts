/**
 * Coarser tiers of the rollups: ten minutes and an hour, beside the minute, written when a bucket closes (`rollup_closed`
 * says how far); the sum over all links per second, minute, ten minutes and hour; and when a link was seen.
 *
 * Of a database that is older than its totals these begin with the next whole hour: `rollup_closed` of 'total'.
 */
export const ROLLUP_TIERS = `
  CREATE TABLE rollup_ten_minutes (
    bucket INTEGER NOT NULL, link INTEGER NOT NULL, operation INTEGER NOT NULL, count INTEGER NOT NULL,
    faults INTEGER NOT NULL, errors INTEGER NOT NULL, request_bytes INTEGER NOT NULL, reply_bytes INTEGER NOT NULL,
    histogram BLOB NOT NULL, PRIMARY KEY (bucket, link, operation)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE rollup_hour (
    bucket INTEGER NOT NULL, link INTEGER NOT NULL, operation INTEGER NOT NULL, count INTEGER NOT NULL,
    faults INTEGER NOT NULL, errors INTEGER NOT NULL, request_bytes INTEGER NOT NULL, reply_bytes INTEGER NOT NULL,
    histogram BLOB NOT NULL, PRIMARY KEY (bucket, link, operation)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE rollup_total (
    seconds INTEGER NOT NULL, bucket INTEGER NOT NULL, count INTEGER NOT NULL,
    faults INTEGER NOT NULL, errors INTEGER NOT NULL, request_bytes INTEGER NOT NULL, reply_bytes INTEGER NOT NULL,
    histogram BLOB NOT NULL, PRIMARY KEY (seconds, bucket)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE rollup_closed (
    tier TEXT PRIMARY KEY, bucket INTEGER NOT NULL, link INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  INSERT INTO rollup_closed VALUES ('tenMinutes', 0, 0), ('hour', 0, 0);
  INSERT INTO rollup_closed SELECT 'total', coalesce(max(minute) / 60 + 1, 0), 0 FROM rollup_minute;
  CREATE TABLE link_seen (
    link INTEGER PRIMARY KEY, first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL
  ) STRICT;
  INSERT INTO link_seen SELECT link, min(minute) * 60000000, max(minute) * 60000000 FROM rollup_minute GROUP BY link;
`;
