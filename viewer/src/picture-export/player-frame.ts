import { isError } from '@soa-monitor/protocol';
import { findLens } from '../find/find-lens.ts';
import { parse } from '../find/parse.ts';
import { dotsAt, type Flight, flightOf } from '../model/dots.ts';
import type { SeenExchange } from '../model/exchange.ts';
import { pointOn } from '../scene/lanes.ts';
import { PALETTES } from '../scene/palette.ts';
import type { Views } from '../session/views.ts';
import type { Incident } from './incident.ts';
import type { IncidentModel } from './incident-model.ts';
import { mapShapes } from './map-shapes.ts';
import { diamondAt } from './page-shapes.ts';
import { circleAt, polygonAt, type Shape } from './shapes.ts';

/** What is seen at a moment: the map with the messages on it, fitted into a size. */
export interface PlayerFrame {
  readonly shapes: readonly Shape[];
  readonly views: Views;
  readonly dots: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Player {
  frameAt(playhead: number, speed: number, size: Size, withDots: boolean): PlayerFrame;
  /** Ended before the moment, the last one first. */
  messagesBefore(playhead: number, limit: number): readonly SeenExchange[];
}

export function createPlayer(incident: Incident, model: IncidentModel): Player {
  const palette = PALETTES[incident.theme];
  const parsed = parse(incident.find);
  const lens = parsed.kind === 'expression' ? findLens(parsed.expression) : null;
  const exchanges = [...model.picture.exchanges()].sort((one, other) => startOf(one) - startOf(other));
  let flights: { readonly speed: number; readonly of: ReadonlyMap<string, Flight> } | null = null;

  function flightsAt(speed: number): ReadonlyMap<string, Flight> {
    // A flight depends on the speed alone: told anew only when that changes.
    if (flights?.speed !== speed)
      flights = { speed, of: new Map(exchanges.map((exchange) => [exchange.id, flightOf(exchange, speed)])) };
    return flights.of;
  }

  return {
    frameAt(playhead, speed, size, withDots) {
      const views = model.viewsAt(playhead);
      const placeOf = fittedPlaces(views, incident.places, size);
      const found = lens?.(views.nodes, views.links) ?? null;
      const map = mapShapes({ ...views, found, placeOf }, palette);
      const dots: Shape[] = [];
      for (const exchange of withDots ? exchanges : []) {
        const flight = flightsAt(speed).get(exchange.id);
        if (flight === undefined || flight.begins > playhead || flight.ends <= playhead) continue;
        const lanes = map.lanes.get(model.shownLink(exchange.link) ?? '');
        if (lanes === undefined) continue;
        const isBad = exchange.outcome !== null && (exchange.outcome === 'fault' || isError(exchange.outcome));
        for (const { part, phase, progress } of dotsAt(flight, playhead)) {
          const { x, y } = pointOn(lanes[part], progress);
          const isFault = isBad && (part === 'reply' || phase === 'failed');
          const fill = isFault ? palette.fault : part === 'request' ? palette.request : palette.reply;
          dots.push({
            kind: 'path',
            d: isFault ? polygonAt(diamondAt(x, y, 6)) : circleAt(x, y, part === 'request' ? 5 : 4),
            fill,
          });
        }
      }
      return { shapes: [...map.shapes, ...dots], views, dots: dots.length };
    },
    messagesBefore: (playhead, limit) =>
      exchanges
        .filter((exchange) => startOf(exchange) <= playhead)
        .slice(-limit)
        .reverse(),
  };
}

const startOf = (exchange: SeenExchange): number =>
  exchange.requestSent ?? exchange.requestReceived ?? exchange.replySent ?? 0;

const MARGIN = 90;
const ZOOM_MAX = 1.7;

/** All of the map in the size; a node that was not placed stands in a row at the foot. */
function fittedPlaces({ nodes }: Views, places: Incident['places'], { width, height }: Size) {
  const known = nodes.flatMap(({ node }) => {
    const place = places[node.id];
    return place === undefined ? [] : [{ id: node.id, x: place[0] ?? 0, y: place[1] ?? 0 }];
  });
  const [left, right] = [Math.min(...known.map(({ x }) => x)), Math.max(...known.map(({ x }) => x))];
  const [top, bottom] = [Math.min(...known.map(({ y }) => y)), Math.max(...known.map(({ y }) => y))];
  const zoom = Math.min(
    ZOOM_MAX,
    Math.max(40, width - MARGIN * 2) / Math.max(1, right - left),
    Math.max(40, height - MARGIN * 2) / Math.max(1, bottom - top),
  );
  const fitted = new Map(
    known.map(({ id, x, y }) => [
      id,
      { x: width / 2 + (x - (left + right) / 2) * zoom, y: height / 2 + (y - (top + bottom) / 2) * zoom },
    ]),
  );
  const others = nodes.filter(({ node }) => !fitted.has(node.id));
  for (const [index, { node }] of others.entries())
    fitted.set(node.id, { x: ((index + 1) / (others.length + 1)) * width, y: height - 48 });
  return (id: string) => fitted.get(id);
}
