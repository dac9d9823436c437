/** The part of strong-soap 5 that this estate uses; the package has no types of its own. */
declare module 'strong-soap' {
  import type { Server } from 'node:http';

  export type Done = (error: unknown, result?: unknown) => void;
  /** A result that is returned, a promise too, is taken for the answer: return nothing and call `done`. */
  export type Method = (request: unknown, done: Done) => void;

  export interface Client {
    readonly [service: string]: { readonly [port: string]: { readonly [operation: string]: Call } };
  }
  export type Call = (request: object, done: Done, options: object) => void;

  const strongSoap: {
    readonly soap: {
      listen(
        server: Server,
        options: { path: string; xml: string; services: object; ignoreUnknownProperties?: boolean },
      ): { readonly wsdl: { load(done: (error: unknown) => void): void } };
      createClient(
        wsdl: string,
        options: { endpoint: string },
        done: (error: unknown, client: Client | undefined) => void,
      ): void;
    };
  };
  export default strongSoap;
}
