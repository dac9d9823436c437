import type { Call, Fault } from '@soa-monitor/protocol';
import { createKnownOpenings, type KnownOpenings, type RecalledMessage } from '../envelope/known-openings.ts';
import { createKnownShapes, type KnownShapes } from '../envelope/known-shapes.ts';
import { faultOf } from '../envelope/message-facts.ts';
import type { KnownOpening } from '../envelope/opening.ts';
import { createCallBook } from './call-book.ts';
import type { Target } from './exchange.ts';

/** What is remembered of one target: how its messages begin, and what follows from that. */
export interface Route {
  readonly target: Target;
  readonly requests: KnownOpenings;
  readonly replies: KnownOpenings;
  /** Of requests that were found to be well-formed. */
  readonly shapes: KnownShapes;
  /** Where a request's opening is known and its action does not stand in the message, the call is known too. */
  readonly calls: Map<KnownOpening, Call>;
  /** Where nothing of a fault stands in a gap, it is the same one each time. */
  readonly faults: Map<KnownOpening, Fault | null>;
}

export interface Routes {
  routeOf(target: Target): Route;
  /** The same object for the same call, so that rows share it and a report can say it once. */
  callOf(route: Route, target: Target, request: RecalledMessage | null, isFinal: boolean): Call;
  faultOf(route: Route, reply: RecalledMessage): Fault | null;
}

/** At the bound all is begun anew: nothing is lost but the time to learn it again. */
const ROUTES_MAX = 1_000;
const REMEMBERED_MAX = 32;

export function createRoutes(): Routes {
  const book = createCallBook();
  const routes = new Map<string, Route>();
  let last: Route | null = null;
  return {
    routeOf: (target) => {
      if (last !== null && isSameTarget(last.target, target)) return last;
      const key = `${target.path}\n${target.soapAction}\n${target.address}`;
      const known = routes.get(key);
      if (known !== undefined && known.target.contentType === target.contentType) {
        last = known;
        return known;
      }
      if (routes.size >= ROUTES_MAX) routes.clear();
      const route: Route = {
        target,
        requests: createKnownOpenings(),
        replies: createKnownOpenings(),
        shapes: createKnownShapes(),
        calls: new Map(),
        faults: new Map(),
      };
      routes.set(key, route);
      last = route;
      return route;
    },
    callOf: (route, target, request, isFinal) => {
      const opening = isFinal && request !== null && request.scan.action === null ? request.opening : null;
      const known = opening === null ? undefined : route.calls.get(opening);
      if (known !== undefined) return known;
      const call = book.callOf(target, request, isFinal);
      if (opening !== null) remember(route.calls, opening, call);
      return call;
    },
    faultOf: (route, reply) => {
      if (reply.scan.fault === null) return null;
      // Its scan is the opening's own: nothing was taken from this message.
      const opening = reply.scan === reply.opening?.read.scan ? reply.opening : null;
      const known = opening === null ? undefined : route.faults.get(opening);
      if (known !== undefined) return known;
      const fault = faultOf(reply);
      if (opening !== null) remember(route.faults, opening, fault);
      return fault;
    },
  };
}

const isSameTarget = (one: Target, other: Target): boolean =>
  one.contentType === other.contentType &&
  one.path === other.path &&
  one.soapAction === other.soapAction &&
  one.address === other.address;

function remember<Value>(book: Map<KnownOpening, Value>, opening: KnownOpening, value: Value): void {
  if (book.size >= REMEMBERED_MAX) book.clear();
  book.set(opening, value);
}
