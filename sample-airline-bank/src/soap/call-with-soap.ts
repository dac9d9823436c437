import { createClientAsync } from 'soap';
import type { Call } from './call.ts';
import type { Contract } from './contract.ts';
import { answerOfError } from './outcome.ts';

/** Calls a service through the client of `soap` (axios, connections kept alive). */
export async function callWithSoap(contract: Contract, endpoint: string, timeoutMillis: number): Promise<Call> {
  const client = await createClientAsync(contract.file, { endpoint });
  // The estate is on this machine: a proxy in the environment is not for it. A timeout shall be called one, where
  // axios by default says ECONNABORTED.
  const options = { timeout: timeoutMillis, proxy: false, transitional: { clarifyTimeoutError: true } };
  return (operation, request) =>
    new Promise((resolve) => {
      client[contract.service][contract.port][operation](
        request,
        (error: unknown, result: unknown) => resolve(error ? answerOfError(error) : { kind: 'ok', body: result ?? {} }),
        { ...options },
      );
    });
}
