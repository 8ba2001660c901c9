// Opens a station's WebSocket: URL with the identity, subprotocol, Basic credentials or a client certificate.
import WebSocket, { type ClientOptions } from 'ws';
import { HandshakeRefused } from '../failures';

/** Where a station dials and how it proves who it is. */
export interface Line {
  /** The back end's base URL; the identity is appended to it. */
  readonly url: string;
  readonly identity: string;
  readonly password?: string | Buffer;
  readonly tls?: Pick<ClientOptions, 'ca' | 'cert' | 'key' | 'rejectUnauthorized'>;
}

/** Resolves with an open socket. @throws HandshakeRefused, or the error of the network. */
export function dial(line: Line, subprotocol: string): Promise<WebSocket> {
  const { url, identity, password, tls } = line;
  const headers = password === undefined ? {} : { Authorization: basicAuthorization(identity, password) };
  const target = `${url.replace(/\/$/, '')}/${encodeURIComponent(identity)}`;
  const socket = new WebSocket(target, [subprotocol], { ...tls, headers, perMessageDeflate: false });
  return new Promise((resolve, reject) => {
    socket.once('unexpected-response', (request, response) => {
      request.destroy();
      reject(new HandshakeRefused(response.statusCode ?? 0));
    });
    socket.on('error', reject);
    socket.once('open', () => resolve(socket));
  });
}

function basicAuthorization(identity: string, password: string | Buffer): string {
  return `Basic ${Buffer.concat([Buffer.from(`${identity}:`), Buffer.from(password)]).toString('base64')}`;
}
