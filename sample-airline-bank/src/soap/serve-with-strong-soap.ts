import { createServer } from 'node:http';
import strongSoap, { type Method } from 'strong-soap';
import { type Contract, readContract } from './contract.ts';
import { type Listening, listen } from './listen.ts';
import { type Fault, type Operation, type Operations, perform } from './operation.ts';

/** Offers a contract on `strong-soap`, which takes over the request event of a plain server. */
export async function serveWithStrongSoap(
  contract: Contract,
  operations: Operations,
  port: number,
): Promise<Listening> {
  const server = createServer((_request, response) => response.writeHead(404).end());
  const methods: Record<string, Method> = {};
  for (const [name, operation] of Object.entries(operations)) methods[name] = methodOf(operation);
  const { wsdl } = strongSoap.soap.listen(server, {
    path: contract.path,
    xml: readContract(contract),
    services: { [contract.service]: { [contract.port]: methods } },
  });
  await new Promise<void>((resolve, reject) => wsdl.load((error) => (error ? reject(error) : resolve())));
  return listen(server, port, contract.path);
}

function methodOf(operation: Operation): Method {
  return (request, done) => {
    void perform(operation, request).then((reply) => {
      if (reply.kind === 'done') done(null, reply.body);
      else done({ Fault: faultOf(reply.fault) });
    });
  };
}

function faultOf({ blame, text, declared }: Fault) {
  const fault = {
    faultcode: `soap:${blame}`,
    faultstring: text,
    detail: declared && { [declared.name]: declared.detail },
  };
  // strong-soap reads the status from the fault and would then write it out as one more element of the fault.
  return Object.defineProperty(fault, 'statusCode', { value: 500, writable: true, enumerable: false });
}
