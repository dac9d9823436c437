import { type Call, type CallCounter, counted } from '../soap/call.ts';
import { airlineContract, bankContract, type Contract } from '../soap/contract.ts';
import type { Answer } from '../soap/outcome.ts';
import type { Choice } from './choices.ts';
import { customerOf } from './customer.ts';
import { learn } from './learn.ts';
import { malformedEnvelope, postMalformed } from './malformed.ts';
import { createMemory } from './memory.ts';
import { type PlannedCall, planCall, type Target } from './plan.ts';

export type Client = {
  /** Makes the one call that a choice comes to. However that ends, the client goes on. */
  act(choice: Choice): Promise<void>;
};

export type ClientParts = {
  readonly endpoints: Readonly<Record<Target, string>>;
  readonly openCall: (contract: Contract, endpoint: string, timeoutMillis: number) => Promise<Call>;
  readonly counter: CallCounter;
  readonly newReference: () => string;
};

const TIMEOUT_MILLIS = 5_000;
const contracts = { bank: bankContract, 'airline-a': airlineContract, 'airline-b': airlineContract };

export async function createClient(name: string, parts: ClientParts): Promise<Client> {
  const { endpoints, openCall, counter, newReference } = parts;
  const memory = createMemory();
  const open = (target: Target) => openCall(contracts[target], endpoints[target], TIMEOUT_MILLIS);
  const calls = {
    bank: await open('bank'),
    'airline-a': await open('airline-a'),
    'airline-b': await open('airline-b'),
  };

  async function carryOut(planned: PlannedCall, pick: number): Promise<Answer> {
    const { target, operation, request, malformed } = planned;
    const call = malformed ? sendMalformed(target, pick) : calls[target];
    return counted(call, target, counter)(operation, request);
  }

  function sendMalformed(target: Target, pick: number): Call {
    const contract = contracts[target];
    return (operation, request) => {
      const envelope = malformedEnvelope(contract, operation, Object.values(request).join(), pick);
      return postMalformed(endpoints[target], envelope, `${contract.namespace}/${operation}`, TIMEOUT_MILLIS);
    };
  }

  return {
    async act(choice) {
      const planned = planCall(choice, customerOf(name, choice), memory, newReference);
      learn(memory, planned, await carryOut(planned, choice.pick));
    },
  };
}
