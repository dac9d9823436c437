import type { Answer, Outcome } from './outcome.ts';

/** Calls one operation of one service. How it ended is a value, so that a caller survives a service that is down. */
export type Call = (operation: string, request: object) => Promise<Answer>;

/** Told of each call twice: when it begins and how it ended. */
export type CallCounter = {
  began(): void;
  ended(target: string, operation: string, outcome: Outcome): void;
};

export function counted(call: Call, target: string, counter: CallCounter): Call {
  return async (operation, request) => {
    counter.began();
    const answer = await call(operation, request);
    counter.ended(target, operation, answer.kind);
    return answer;
  };
}
