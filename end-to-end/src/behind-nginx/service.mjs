import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import soap from 'soap';

// A service as it stands behind a proxy: `node --import …/register.js service.mjs <port>`.
const wsdl = readFileSync(new URL('bank.wsdl', import.meta.url), 'utf8');
const getBalance = (_request, callback) => {
  setTimeout(callback, 5, { balance: 12.5 });
};
const server = createServer((_request, response) => response.writeHead(404).end());
server.listen(Number(process.argv[2]), '127.0.0.1', () => {
  soap.listen(server, '/bank', { BankService: { BankPort: { getBalance } } }, wsdl);
  process.stdout.write('listening\n');
});
