// The floor for connections by TLS: a bare `ws` server behind Node's own TLS, with the gateway's certificates, ciphers and settings. It answers
// every CALL with an empty object and remembers nothing. Its argument is the folder of the certificates.

import { constants } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { WebSocketServer } from 'ws';

const read = (name: string) => readFileSync(join(process.argv[2] ?? '', name), 'utf8');
const server = createServer({
  cert: [read('ecdsa.crt'), read('rsa.crt')],
  key: [read('ecdsa.key'), read('rsa.key')],
  ca: read('client-roots.crt'),
  minVersion: 'TLSv1.2',
  requestCert: true,
  rejectUnauthorized: false,
  secureOptions: constants.SSL_OP_NO_TICKET,
});
const sockets = new WebSocketServer({ server, perMessageDeflate: false, maxPayload: 1_048_576, clientTracking: false });
sockets.on('connection', (socket) => {
  socket.on('message', (data) => {
    const [, id] = JSON.parse(String(data)) as [number, string];
    socket.send(JSON.stringify([3, id, {}]));
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`ready ${typeof address === 'object' ? address?.port : ''}\n`);
});
