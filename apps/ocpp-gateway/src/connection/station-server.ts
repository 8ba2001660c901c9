// The doors: bare HTTP servers whose only service is the WebSocket upgrade, one for plain connections, one for TLS, one behind a proxy. Nest's own WebSocket gateways are not used, because their layers
// cost several times what a frame costs here, and because they cannot refuse an upgrade with the right status.
// Next: apps/ocpp-gateway/src/connection/station-connection.ts
import { createServer, type IncomingMessage, type RequestListener, type Server, STATUS_CODES } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { SUBPROTOCOLS } from '@evenkeel/ocpp';
import type { Log } from '@evenkeel/service';
import { type Server as SocketServer, WebSocketServer } from 'ws';
import type { GatewayMetrics } from '../metrics/gateway-metrics';
import type { AdmissionDesk, Refusal } from './admission';
import type { Station } from './station';
import { StationSocket } from './station-socket';
import type { TlsMaterial } from './tls-files';
import { type ReadTransport, readPlain } from './transport';

/** Messages shorter than this are not worth compressing on their way out. */
const COMPRESS_FROM_BYTES = 2_048;
/** A station on a slow modem needs a few seconds for its handshake; nobody needs more. */
const HANDSHAKE_MS = 20_000;
const upgradeRequired: RequestListener = (_request, response) => {
  response.writeHead(426, { Upgrade: 'websocket', Connection: 'Upgrade' });
  response.end();
};

/** A fixed set of words for the metric. */
const HANDSHAKE_FAILURES: Readonly<Record<string, string>> = {
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'old-version',
  ERR_SSL_NO_SHARED_CIPHER: 'no-shared-cipher',
  ERR_TLS_HANDSHAKE_TIMEOUT: 'timeout',
  ECONNRESET: 'reset',
};

const LEAST_RETRY_SECONDS = 5;
const MOST_RETRY_SECONDS = 30;

/** RFC 6455 section 7.4.1: the endpoint ends the connection due to a protocol error. */
const NO_PROTOCOL = 1002;

export interface DoorRules {
  readonly maxPayloadBytes: number;
  /** OCPP-J 1.6 section 3.1.2 has the handshake completed and the connection closed at once where no version is shared; certification has neither. */
  readonly closesUnspoken: boolean;
}

export interface TlsDoor {
  readonly port: number;
  /** Serves new connections with other certificates; the open ones stay. */
  renew(material: TlsMaterial): void;
}

export class StationServer {
  private readonly doors: (Server | TlsServer)[] = [];
  private admitting = true;
  private readonly webSockets: SocketServer<typeof StationSocket>;
  /** What was agreed about an upgrade that is under way. */
  private readonly agreed = new WeakMap<IncomingMessage, Station>();

  constructor(
    private readonly admissions: Pick<AdmissionDesk, 'admit'>,
    private readonly onStation: (station: Station, socket: StationSocket, remoteAddress: string | undefined) => void,
    private readonly metrics: GatewayMetrics,
    private readonly log: Log,
    private readonly limits: DoorRules,
  ) {
    this.webSockets = new WebSocketServer<typeof StationSocket>({
      noServer: true,
      WebSocket: StationSocket,
      clientTracking: false,
      maxPayload: limits.maxPayloadBytes,
      // Negotiated only when offered (RFC 7692). No context is kept between messages, which bounds memory and lets the threshold work.
      perMessageDeflate: { threshold: COMPRESS_FROM_BYTES, serverNoContextTakeover: true, clientNoContextTakeover: true },
      handleProtocols: (_offers, request) => {
        const station = this.agreed.get(request);
        return station ? SUBPROTOCOLS[station.version] : false;
      },
    });
  }

  /** @returns the port, also where 0 was asked. */
  listen(host: string, port: number, read: ReadTransport = readPlain): Promise<number> {
    return this.open(createServer(upgradeRequired), host, port, read);
  }

  /** Asks every client for a certificate and judges it later, so that whoever is refused can be named. */
  async listenTls(host: string, port: number, read: ReadTransport, { context }: TlsMaterial): Promise<TlsDoor> {
    const asking = { requestCert: true, rejectUnauthorized: false, handshakeTimeout: HANDSHAKE_MS };
    const door = createTlsServer({ ...context, ...asking }, upgradeRequired);
    door.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => this.reportHandshake(error, socket));
    return { port: await this.open(door, host, port, read), renew: (material) => door.setSecureContext(material.context) };
  }

  /** Takes no new connections, and says so to whoever comes; the open ones stay. */
  stopAdmitting(): void {
    this.admitting = false;
  }

  close(): void {
    for (const door of this.doors) {
      door.close();
      door.closeIdleConnections();
    }
  }

  private open(door: Server | TlsServer, host: string, port: number, read: ReadTransport): Promise<number> {
    this.doors.push(door);
    door.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => void this.upgrade(request, socket, head, read));
    return new Promise((resolve, fail) => {
      door.once('error', fail);
      door.listen(port, host, () => resolve((door.address() as AddressInfo).port));
    });
  }

  /** Nobody has said yet who is calling: all there is to tell is from where (OCPP 2.0.1 A00.FR.007: a security event). */
  private reportHandshake(error: NodeJS.ErrnoException, socket: Socket): void {
    const reason = HANDSHAKE_FAILURES[error.code ?? ''] ?? 'other';
    this.metrics.tlsFailed(reason);
    const { remoteAddress } = socket;
    this.log.warn({ securityEvent: 'TlsHandshakeFailed', reason, code: error.code, remoteAddress }, 'a TLS handshake failed');
  }

  private async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, read: ReadTransport): Promise<void> {
    const unwatch = destroyWhenHungUp(socket);
    try {
      if (!this.admitting) return this.refuse({ status: 503, reason: 'stopping' }, request, socket);
      const facts = await read(request);
      if (!facts) return this.refuse({ status: 403, reason: 'not-the-proxy' }, request, socket);
      const admission = await this.admissions.admit(request, facts);
      if (!('station' in admission) && admission.reason === 'no-common-subprotocol' && this.limits.closesUnspoken) {
        this.metrics.upgraded(admission.reason);
        unwatch();
        this.webSockets.handleUpgrade(request, socket, head, (webSocket) => webSocket.close(NO_PROTOCOL, 'no common subprotocol'));
        return;
      }
      if (!('station' in admission)) return this.refuse(admission, request, socket);
      if (!this.admitting) return this.refuse({ status: 503, reason: 'stopping' }, request, socket);
      unwatch();
      this.agreed.set(request, admission.station);
      this.webSockets.handleUpgrade(request, socket, head, (webSocket) => {
        this.metrics.upgraded('admitted');
        this.onStation(admission.station, webSocket, request.socket.remoteAddress);
      });
    } catch (error) {
      this.log.error({ error }, 'an upgrade failed');
      this.refuse({ status: 503, reason: 'failed' }, request, socket);
    }
  }

  private refuse({ status, reason, retryAfterSeconds = jitteredRetrySeconds() }: Refusal, request: IncomingMessage, socket: Duplex): void {
    this.metrics.upgraded(reason);
    // Without its query, in which some deployments put secrets.
    const [path] = (request.url ?? '').split('?', 1);
    this.log.info({ status, reason, path, remoteAddress: request.socket.remoteAddress }, 'a connection was refused');
    const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, 'Connection: close', 'Content-Length: 0'];
    if (status === 401) lines.push('WWW-Authenticate: Basic realm="ocpp"');
    if (status === 429 || status === 503) lines.push(`Retry-After: ${retryAfterSeconds}`);
    socket.end(`${lines.join('\r\n')}\r\n\r\n`, () => socket.destroy());
  }
}

/**
 * While it stands in line, or the registry is asked, a station may hang up; without a listener an error of its socket would end the process.
 * Nothing that it sends too early is read away.
 * @returns ends it: from then on the socket is somebody else's.
 */
function destroyWhenHungUp(socket: Duplex): () => void {
  const hungUp = () => socket.destroy();
  // Tells the end of what was sent only to who has looked for more.
  const look = () => socket.read(0);
  socket.on('error', hungUp).on('end', hungUp).on('readable', look);
  return () => socket.removeListener('error', hungUp).removeListener('end', hungUp).removeListener('readable', look);
}

/** At another time for each station, so that those who were turned away together do not come back together. */
function jitteredRetrySeconds(): number {
  return LEAST_RETRY_SECONDS + Math.floor(Math.random() * (MOST_RETRY_SECONDS - LEAST_RETRY_SECONDS + 1));
}
