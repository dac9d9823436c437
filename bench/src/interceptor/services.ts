import type http from 'node:http';
import { createRequire } from 'node:module';
import { orderFault, orderReply, orderWsdl } from './messages.ts';

// Required, not imported: the way in which OpenTelemetry's instrumentations see every module.
const require = createRequire(import.meta.url);
const createServer = (): http.Server => require('node:http').createServer();

/** As little as a service can do: it reads the body and answers. */
export function serveRaw(): http.Server {
  return createServer().on('request', (request: http.IncomingMessage, response: http.ServerResponse) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const isFault = body.includes('>nobody<');
      response.writeHead(isFault ? 500 : 200, { 'content-type': 'text/xml; charset=utf-8' });
      response.end(isFault ? orderFault : orderReply);
    });
  });
}

/** node-soap over express. */
export function serveSoap(): Promise<http.Server> {
  const app = require('express')();
  const server = createServer().on('request', app);
  const placeOrder = ({ customer }: { customer: string }) => {
    if (customer !== 'nobody') return { order: '4711' };
    throw { Fault: { faultcode: 'soap:Client', faultstring: 'unknown customer', statusCode: 500 } };
  };
  const service = { Orders: { OrdersPort: { placeOrder } } };
  return new Promise((resolve) => require('soap').listen(app, '/orders', service, orderWsdl, () => resolve(server)));
}
