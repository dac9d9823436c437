import strongSoap, { type Client } from 'strong-soap';
import type { Call } from './call.ts';
import type { Contract } from './contract.ts';
import { answerOfError } from './outcome.ts';

/** Calls a service through the client of `strong-soap` (a connection for each call). */
export async function callWithStrongSoap(contract: Contract, endpoint: string, timeoutMillis: number): Promise<Call> {
  const client = await new Promise<Client>((resolve, reject) => {
    strongSoap.soap.createClient(contract.file, { endpoint }, (error, created) =>
      created === undefined ? reject(error) : resolve(created),
    );
  });
  const port = client[contract.service]?.[contract.port];
  // The estate is on this machine: a proxy in the environment is not for it.
  const options = { timeout: timeoutMillis, proxy: null };
  return (operation, request) =>
    new Promise((resolve, reject) => {
      const call = port?.[operation];
      if (call === undefined) return reject(new Error(`${contract.file} has no operation ${operation}`));
      call(request, (error, result) => resolve(error ? answerOfError(error) : { kind: 'ok', body: result ?? {} }), {
        ...options,
      });
    });
}
