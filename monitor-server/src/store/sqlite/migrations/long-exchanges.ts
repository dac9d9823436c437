/** Exchanges of a minute and more, by classes of duration: see long-exchanges.ts. Filled when the writer opens. */
export const LONG_EXCHANGES = `
  CREATE TABLE long_exchange (
    class INTEGER NOT NULL, start INTEGER NOT NULL, exchange INTEGER NOT NULL, "end" INTEGER NOT NULL,
    PRIMARY KEY (class, start, exchange)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO meta VALUES ('long_exchanges_known', 0);
`;
