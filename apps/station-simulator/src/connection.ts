// One station's WebSocket: its own small OCPP-J client, written apart from the back end's so that the two cannot share a mistake.
// It has one CALL outstanding at a time, answers the other side's CALLs at any time, and dials again when the socket is lost.
import { randomUUID } from 'node:crypto';
import WebSocket, { type ClientOptions } from 'ws';
import { CallRefused, CallTimedOut, ConnectionLost, HandshakeRefused, StationClosed } from './failures';

export type Log = (line: string) => void;

/** What the station says to a CALL of the back end. `afterwards` runs once the answer has left. */
export type CommandReply = { readonly answer: object; readonly afterwards?: () => void } | { readonly errorCode: string };

export interface ConnectionOptions {
  /** The back end's base URL; the identity is appended to it. */
  readonly url: string;
  readonly identity: string;
  readonly password?: string | Buffer;
  readonly subprotocol: string;
  readonly tls?: Pick<ClientOptions, 'ca' | 'cert' | 'key'>;
  readonly callTimeoutMilliseconds?: number;
  readonly firstReconnectMilliseconds?: number;
  readonly log?: Log;
  readonly onCommand: (action: string, payload: unknown) => CommandReply;
}

interface PendingCall {
  readonly id: string;
  readonly action: string;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

interface Waiter {
  readonly resolve: (socket: WebSocket) => void;
  readonly reject: (error: Error) => void;
}

const LONGEST_RECONNECT_MILLISECONDS = 10_000;

export class StationConnection {
  private socket: WebSocket | undefined;
  private pending: PendingCall | undefined;
  private lane: Promise<unknown> = Promise.resolve();
  private waiters: Waiter[] = [];
  private reconnectTimer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(private readonly options: ConnectionOptions) {}

  /** The first connection; fails when the back end cannot be reached or refuses. Later losses are repaired silently. */
  async open(): Promise<void> {
    await this.dial();
  }

  get connected(): boolean {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  /** Sends a CALL as soon as the line is free and up. Rejects with CallRefused, CallTimedOut, ConnectionLost or StationClosed. */
  call(action: string, payload: object): Promise<unknown> {
    const turn = this.lane.then(() => this.exchange(action, payload));
    // The next call waits for this one to end, not for it to succeed.
    this.lane = turn.catch(() => undefined);
    return turn;
  }

  /** Cuts the line without a closing handshake, as a dying modem does. The station dials again by itself. */
  drop(): void {
    this.socket?.terminate();
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.reconnectTimer);
    for (const waiter of this.waiters.splice(0)) waiter.reject(new StationClosed());
    const socket = this.socket;
    if (socket === undefined || socket.readyState === WebSocket.CLOSED) return;
    await new Promise<void>((resolve) => {
      socket.once('close', () => resolve());
      socket.close(1000);
    });
  }

  private dial(): Promise<void> {
    const { url, identity, password, subprotocol, tls } = this.options;
    const headers = password === undefined ? {} : { Authorization: basicAuthorization(identity, password) };
    const target = `${url.replace(/\/$/, '')}/${encodeURIComponent(identity)}`;
    const socket = new WebSocket(target, [subprotocol], { ...tls, headers, perMessageDeflate: false });
    return new Promise((resolve, reject) => {
      socket.once('unexpected-response', (request, response) => {
        request.destroy();
        reject(new HandshakeRefused(response.statusCode ?? 0));
      });
      socket.on('error', (error) => {
        this.log(`! ${error.message}`);
        reject(error);
      });
      socket.once('open', () => {
        this.accept(socket);
        resolve();
      });
    });
  }

  private accept(socket: WebSocket): void {
    this.socket = socket;
    this.log('connected');
    socket.on('message', (data) => this.receive(socket, String(data)));
    socket.once('close', (code) => {
      this.log(`disconnected (${code})`);
      this.failPending(this.closed ? new StationClosed() : undefined);
      if (!this.closed) this.scheduleReconnect(0);
    });
    for (const waiter of this.waiters.splice(0)) waiter.resolve(socket);
  }

  /** Doubling pauses with a random half, so that a fleet does not come back in one instant. */
  private scheduleReconnect(attempt: number): void {
    const longest = Math.min((this.options.firstReconnectMilliseconds ?? 500) * 2 ** attempt, LONGEST_RECONNECT_MILLISECONDS);
    this.reconnectTimer = setTimeout(() => void this.redial(attempt), longest * (0.5 + Math.random() / 2));
  }

  private async redial(attempt: number): Promise<void> {
    try {
      await this.dial();
      // Closed while dialling: the owner no longer wants this socket.
      if (this.closed) this.socket?.terminate();
    } catch (error) {
      this.log(`cannot reconnect: ${error instanceof Error ? error.message : String(error)}`);
      if (!this.closed) this.scheduleReconnect(attempt + 1);
    }
  }

  private async exchange(action: string, payload: object): Promise<unknown> {
    const socket = await this.whenConnected();
    const id = randomUUID();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.failPending(new CallTimedOut(action)), this.options.callTimeoutMilliseconds ?? 30_000);
      this.pending = { id, action, resolve, reject, timer };
      this.send(socket, [2, id, action, payload]);
    });
  }

  private whenConnected(): Promise<WebSocket> {
    if (this.closed) return Promise.reject(new StationClosed());
    if (this.socket?.readyState === WebSocket.OPEN) return Promise.resolve(this.socket);
    return new Promise((resolve, reject) => this.waiters.push({ resolve, reject }));
  }

  private receive(socket: WebSocket, text: string): void {
    this.log(`< ${text}`);
    const [type, id, ...rest] = JSON.parse(text);
    if (type === 2) {
      const reply = this.obey(rest[0], rest[1]);
      if ('errorCode' in reply) {
        this.send(socket, [4, id, reply.errorCode, '', {}]);
      } else {
        this.send(socket, [3, id, reply.answer]);
        reply.afterwards?.();
      }
      return;
    }
    const pending = this.takePending(id);
    if (pending === undefined) this.log('! that answers nothing');
    else if (type === 3) pending.resolve(rest[0]);
    else pending.reject(new CallRefused(pending.action, String(rest[0]), String(rest[1])));
  }

  /** A command this station chokes on is answered all the same; the fault goes to the log. */
  private obey(action: string, payload: unknown): CommandReply {
    try {
      return this.options.onCommand(action, payload);
    } catch (error) {
      this.log(`! ${action} failed: ${error instanceof Error ? error.message : String(error)}`);
      return { errorCode: 'InternalError' };
    }
  }

  private send(socket: WebSocket, frame: readonly unknown[]): void {
    const text = JSON.stringify(frame);
    this.log(`> ${text}`);
    socket.send(text);
  }

  private takePending(id: string): PendingCall | undefined {
    const pending = this.pending;
    if (pending?.id !== id) return undefined;
    clearTimeout(pending.timer);
    this.pending = undefined;
    return pending;
  }

  private failPending(error?: Error): void {
    if (this.pending === undefined) return;
    const pending = this.takePending(this.pending.id);
    pending?.reject(error ?? new ConnectionLost(pending.action));
  }

  private log(line: string): void {
    this.options.log?.(`${this.options.identity} ${line}`);
  }
}

function basicAuthorization(identity: string, password: string | Buffer): string {
  return `Basic ${Buffer.concat([Buffer.from(`${identity}:`), Buffer.from(password)]).toString('base64')}`;
}
