// One station's WebSocket: its own small OCPP-J client, written apart from the back end's so that the two cannot share a mistake.
// It has one CALL outstanding at a time, answers the other side's CALLs at any time, and dials again when the socket is lost.
import { randomUUID } from 'node:crypto';
import WebSocket from 'ws';
import type { Chance } from '../chance';
import { AnswerUnusable, CallRefused, CallTimedOut, ConnectionLost, messageOf, StationClosed } from '../failures';
import type { Alarm, Timers } from '../timers';
import { type BackOff, BackOffSequence } from './back-off';
import { dial, type Line } from './dial';
import { FaultyLine, type LineFaults } from './faults';
import { Pings } from './pings';

export type Log = (line: string) => void;

/** What the station says to a CALL of the back end. `afterwards` runs once the answer has left. */
export type CommandReply<Answer = object> = { readonly answer: Answer; readonly afterwards?: () => void } | { readonly errorCode: string };

export interface ConnectionOptions {
  readonly line: Line;
  readonly subprotocol: string;
  readonly timers: Timers;
  readonly chance: Chance;
  readonly backOff: () => BackOff;
  readonly callTimeoutMilliseconds: number;
  /** OCPP 2.1 has SEND and CALLRESULTERROR. */
  readonly hasUnconfirmedMessages: boolean;
  /** Message ids count from 1 on each connection. */
  readonly countsIds: boolean;
  readonly log: Log;
  readonly onCommand: (action: string, payload: unknown) => CommandReply;
}

interface PendingCall {
  readonly id: string;
  readonly action: string;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly alarm: Alarm;
}

interface Waiter {
  readonly resolve: (socket: WebSocket) => void;
  readonly reject: (error: Error) => void;
}

export class StationConnection {
  private line: Line;
  private socket: WebSocket | undefined;
  private pending: PendingCall | undefined;
  private lane: Promise<unknown> = Promise.resolve();
  private waiters: Waiter[] = [];
  private redialAlarm: Alarm | undefined;
  private readonly waits: BackOffSequence;
  private faults: FaultyLine | undefined;
  private state: 'up' | 'hungUp' | 'closed' = 'up';
  private frozen = false;
  private idsGiven = 0;
  private readonly pings: Pings;
  private readonly answersToRefuse = new Set<string>();

  constructor(private readonly options: ConnectionOptions) {
    this.line = options.line;
    this.pings = new Pings(options.timers, () => this.frozen, options.log);
    this.waits = new BackOffSequence(options.backOff, options.chance);
  }

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

  /** OCPP 2.1 SEND: nobody answers it, and it does not wait for its turn. */
  async send(action: string, payload: object): Promise<void> {
    if (!this.options.hasUnconfirmedMessages) throw new Error(`${action} cannot be sent unconfirmed before OCPP 2.1`);
    this.transmit(await this.whenConnected(), [6, this.nextId(), action, payload]);
  }

  /** The next answer to this action is told to be unusable, with a CALLRESULTERROR where the version has one. */
  refuseNextAnswer(action: string): void {
    this.answersToRefuse.add(action);
  }

  /** From now on frames suffer this; undefined mends the line. */
  setFaults(faults: LineFaults | undefined): void {
    this.faults = faults === undefined ? undefined : new FaultyLine(faults, this.options.chance.for('line'), this.options.timers);
  }

  /** Cuts the line without a closing handshake, as a dying modem does. The station dials again by itself. */
  drop(): void {
    this.socket?.terminate();
  }

  /** Cuts the line and stays offline until `resume`. */
  hangUp(): void {
    if (this.state === 'up') this.state = 'hungUp';
    this.redialAlarm?.cancel();
    this.drop();
  }

  async resume(): Promise<void> {
    if (this.state !== 'hungUp') return;
    this.state = 'up';
    try {
      await this.dial();
    } catch (error) {
      this.state = 'hungUp';
      throw error;
    }
  }

  get currentLine(): Line {
    return this.line;
  }

  /** Half open: the socket stays, but the station neither reads nor sends anything, pongs included. */
  freeze(): void {
    this.frozen = true;
    this.socket?.pause();
  }

  thaw(): void {
    this.frozen = false;
    this.socket?.resume();
  }

  /** See Pings. */
  pingEvery(seconds: number): void {
    this.pings.every(seconds);
  }

  /** The next connection goes there. */
  retarget(line: Partial<Line>): void {
    this.line = { ...this.line, ...line };
  }

  async close(): Promise<void> {
    this.state = 'closed';
    this.redialAlarm?.cancel();
    this.pings.stop();
    for (const waiter of this.waiters.splice(0)) waiter.reject(new StationClosed());
    const socket = this.socket;
    if (socket === undefined || socket.readyState === WebSocket.CLOSED) return;
    if (this.frozen) socket.terminate();
    await new Promise<void>((resolve) => {
      socket.once('close', () => resolve());
      socket.close(1000);
    });
  }

  private async dial(): Promise<void> {
    const socket = await dial(this.line, this.options.subprotocol);
    this.socket = socket;
    this.frozen = false;
    this.idsGiven = 0;
    this.waits.reset();
    this.options.log('connected');
    socket.on('error', (error) => this.options.log(`! ${error.message}`));
    socket.on('message', (data) => this.receive(socket, String(data)));
    socket.once('close', (code) => {
      this.options.log(`disconnected (${code})`);
      this.failPending(this.state === 'closed' ? new StationClosed() : undefined);
      if (this.state === 'up') this.scheduleRedial();
    });
    this.pings.watch(socket);
    for (const waiter of this.waiters.splice(0)) waiter.resolve(socket);
  }

  private scheduleRedial(): void {
    this.redialAlarm = this.options.timers.after(this.waits.nextMilliseconds(), () => void this.redial());
  }

  private async redial(): Promise<void> {
    try {
      await this.dial();
      // Closed or hung up while dialling: the owner no longer wants this socket.
      if (this.state !== 'up') this.socket?.terminate();
    } catch (error) {
      this.options.log(`cannot reconnect: ${messageOf(error)}`);
      if (this.state === 'up') this.scheduleRedial();
    }
  }

  private async exchange(action: string, payload: object): Promise<unknown> {
    const socket = await this.whenConnected();
    const id = this.nextId();
    return new Promise((resolve, reject) => {
      const alarm = this.options.timers.after(this.options.callTimeoutMilliseconds, () => this.failPending(new CallTimedOut(action)));
      this.pending = { id, action, resolve, reject, alarm };
      this.transmit(socket, [2, id, action, payload]);
    });
  }

  private nextId(): string {
    this.idsGiven += 1;
    return this.options.countsIds ? String(this.idsGiven) : randomUUID();
  }

  private whenConnected(): Promise<WebSocket> {
    if (this.state === 'closed') return Promise.reject(new StationClosed());
    if (this.socket?.readyState === WebSocket.OPEN) return Promise.resolve(this.socket);
    return new Promise((resolve, reject) => this.waiters.push({ resolve, reject }));
  }

  private receive(socket: WebSocket, text: string): void {
    this.options.log(`< ${text}`);
    const frame = parsed(text);
    const [type, id, ...rest] = frame ?? [];
    if (frame === undefined) this.options.log('! that is no frame');
    else if (type === 2) this.answer(socket, id, String(rest[0]), rest[1]);
    else if (type === 5) this.options.log(`! the answer ${String(id)} was unusable to the back end: ${String(rest[0])}`);
    else if (this.faults?.losesAnswer()) this.options.log('! that answer is lost');
    else this.conclude(socket, type, id, rest);
  }

  private answer(socket: WebSocket, id: unknown, action: string, payload: unknown): void {
    const reply = this.obey(action, payload);
    if ('errorCode' in reply) {
      this.transmit(socket, [4, id, reply.errorCode, '', {}]);
    } else {
      this.transmit(socket, [3, id, reply.answer]);
      reply.afterwards?.();
    }
  }

  private conclude(socket: WebSocket, type: unknown, id: unknown, rest: readonly unknown[]): void {
    const pending = this.takePending(id);
    if (pending === undefined) {
      this.options.log('! that answers nothing');
    } else if (type !== 3) {
      pending.reject(new CallRefused(pending.action, String(rest[0]), String(rest[1])));
    } else if (typeof rest[0] === 'object' && rest[0] !== null && !this.answersToRefuse.delete(pending.action)) {
      pending.resolve(rest[0]);
    } else {
      if (this.options.hasUnconfirmedMessages) this.transmit(socket, [5, id, 'FormatViolation', 'The answer cannot be used.', {}]);
      pending.reject(new AnswerUnusable(pending.action));
    }
  }

  /** A command this station chokes on is answered all the same; the fault goes to the log. */
  private obey(action: string, payload: unknown): CommandReply {
    try {
      return this.options.onCommand(action, payload);
    } catch (error) {
      this.options.log(`! ${action} failed: ${messageOf(error)}`);
      return { errorCode: 'InternalError' };
    }
  }

  private transmit(socket: WebSocket, frame: readonly unknown[]): void {
    const text = JSON.stringify(frame);
    this.options.log(`${this.frozen ? '! frozen, so it is not sent:' : '>'} ${text}`);
    if (this.frozen) return;
    // A frame that comes too late for its socket is lost, as on a real line.
    const send = () => socket.readyState === WebSocket.OPEN && socket.send(text);
    if (this.faults === undefined) send();
    else this.faults.carry(send);
  }

  private takePending(id: unknown): PendingCall | undefined {
    const pending = this.pending;
    if (pending === undefined || pending.id !== id) return undefined;
    pending.alarm.cancel();
    this.pending = undefined;
    return pending;
  }

  private failPending(error?: Error): void {
    if (this.pending === undefined) return;
    const pending = this.takePending(this.pending.id);
    pending?.reject(error ?? new ConnectionLost(pending.action));
  }
}

function parsed(text: string): unknown[] | undefined {
  try {
    const frame: unknown = JSON.parse(text);
    return Array.isArray(frame) ? frame : undefined;
  } catch {
    return undefined;
  }
}
