import type { ExchangeTuple, Picture } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import type { Committed } from '../store.ts';
import type { Catalogue } from './catalogue.ts';
import { readCells, shownTuple } from './read-replay.ts';
import { createStateReader } from './read-states.ts';
import { foldScanned, type ScannedExchange, scanExchanges } from './scan.ts';
import { startsOfOpen } from './scan-open.ts';
import { inSnapshot, type Snapshot } from './snapshot.ts';

/** Cells over so long before the moment are part of the picture. */
const CELLS_SECONDS = 60;
/** Exchanges that ended so shortly before the moment may still have a dot on screen. */
const JUST_ENDED_MICROS = 5_000_000;
/** An exchange that was in flight at the moment began at most so long before it (a longer one is not found here). */
const IN_FLIGHT_MICROS = 600_000_000;
const EXCHANGES_MAX = 100_000;
const SECOND = 1_000_000;

/** The picture at a moment of the past: states then, exchanges in flight then, cells over the 60 s before. */
export function readPicture(database: Database, catalogue: Catalogue, at: number): Picture {
  return inSnapshot(database, (snapshot) => {
    const inFlight: ExchangeTuple[] = [];
    const scan = { from: at - IN_FLIGHT_MICROS, to: at + 1, between: snapshot.renewIfOld };
    for (const exchange of scanExchanges(database, scan)) {
      const { start, durationMicros } = foldScanned(exchange);
      const end = durationMicros === null ? (exchange.lost ? start : Number.POSITIVE_INFINITY) : start + durationMicros;
      if (end > at && inFlight.length < EXCHANGES_MAX)
        inFlight.push(...shownTuple(exchange, catalogue, snapshot.commitSeq));
    }
    const nodes = catalogue.nodes().all();
    const cells = cellsBefore(database, catalogue, at, snapshot);
    const states = createStateReader(database).before(at + 1);
    const shownNodes = nodes.filter((node) => node.firstSeen <= at);
    return {
      at,
      feed: { nodes: shownNodes, links: allLinks(database), states, exchanges: inFlight, cells, gone: [] },
    };
  });
}

/** Everything a new viewer needs, as of the last commit. */
export function readCurrent(database: Database, catalogue: Catalogue, now: number): Committed {
  return inSnapshot(database, (snapshot) => {
    const version = snapshot.commitSeq;
    const exchanges: ExchangeTuple[] = [];
    const shown = new Set<string>();
    const show = (exchange: ScannedExchange): void => {
      if (shown.has(exchange.id) || exchanges.length >= EXCHANGES_MAX) return;
      shown.add(exchange.id);
      exchanges.push(...shownTuple(exchange, catalogue, version));
    };
    for (const time of startsOfOpen(database, EXCHANGES_MAX))
      for (const exchange of scanExchanges(database, { from: time, to: time + 1 }))
        if (foldScanned(exchange).outcome === null) show(exchange);
    const recent = { from: now - JUST_ENDED_MICROS, to: now + CELLS_SECONDS * SECOND, between: snapshot.renewIfOld };
    for (const exchange of scanExchanges(database, recent)) show(exchange);
    const cells = cellsBefore(database, catalogue, now, snapshot);
    const nodes = catalogue.nodes().all();
    return { commitSeq: version, feed: { nodes, links: allLinks(database), states: [], exchanges, cells, gone: [] } };
  });
}

const cellsBefore = (database: Database, catalogue: Catalogue, at: number, snapshot: Snapshot) =>
  readCells(database, catalogue, Math.floor(at / SECOND) - CELLS_SECONDS, Math.floor(at / SECOND) + 1, snapshot);

function allLinks(database: Database) {
  const select = database.prepare<[], { id: string; source: string; target: string }>(
    'SELECT id, source, target FROM link ORDER BY number',
  );
  return select.all().map(({ id, source, target }) => ({ id, source, target }));
}
