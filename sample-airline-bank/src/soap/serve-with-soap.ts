import { createServer } from 'node:http';
import express from 'express';
import { type IServicePort, listen as offer } from 'soap';
import { type Contract, readContract } from './contract.ts';
import { type Listening, listen } from './listen.ts';
import { type Fault, type Operation, type Operations, perform } from './operation.ts';

/** Offers a contract on `soap` over express. */
export async function serveWithSoap(contract: Contract, operations: Operations, port: number): Promise<Listening> {
  const app = express();
  const methods: IServicePort = {};
  for (const [name, operation] of Object.entries(operations)) methods[name] = methodOf(operation, contract.namespace);
  await new Promise<void>((resolve, reject) => {
    offer(app, {
      path: contract.path,
      xml: readContract(contract),
      services: { [contract.service]: { [contract.port]: methods } },
      // XML that does not parse is answered with a fault, and no caller is shown a stack trace.
      returnFault: true,
      suppressStack: true,
      callback: (error: unknown) => (error ? reject(error) : resolve()),
    });
  });
  return listen(createServer(app), port, contract.path);
}

function methodOf(operation: Operation, namespace: string) {
  return async (request: unknown) => {
    const reply = await perform(operation, request);
    if (reply.kind === 'done') return reply.body;
    throw { Fault: faultOf(reply.fault, namespace) };
  };
}

/** `soap` does not know the declared faults of a WSDL, so the detail carries its namespace itself. */
function faultOf({ blame, text, declared }: Fault, namespace: string) {
  const fault = { faultcode: `soap:${blame}`, faultstring: text, statusCode: 500 };
  if (declared === undefined) return fault;
  return { ...fault, detail: { [declared.name]: { attributes: { xmlns: namespace }, ...declared.detail } } };
}
