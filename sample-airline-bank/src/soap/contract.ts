import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A WSDL of this estate: its file (clients read it from there, never over HTTP) and the names in it. */
export type Contract = {
  readonly file: string;
  readonly namespace: string;
  readonly service: string;
  readonly port: string;
  /** The path that the service is offered at. */
  readonly path: string;
};

export const bankContract: Contract = {
  file: fileURLToPath(new URL('../../wsdl/bank.wsdl', import.meta.url)),
  namespace: 'urn:sample:bank:1',
  service: 'BankService',
  port: 'BankPort',
  path: '/bank',
};

export const airlineContract: Contract = {
  file: fileURLToPath(new URL('../../wsdl/airline.wsdl', import.meta.url)),
  namespace: 'urn:sample:airline:1',
  service: 'AirlineService',
  port: 'AirlinePort',
  path: '/airline',
};

export function readContract(contract: Contract): string {
  return readFileSync(contract.file, 'utf8');
}
