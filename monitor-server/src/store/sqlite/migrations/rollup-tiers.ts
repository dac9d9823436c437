/** Coarser tiers of the rollups: ten minutes and an hour, beside the minute. */
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
`;
