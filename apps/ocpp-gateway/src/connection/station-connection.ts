// One station's socket: frames in, answers out. CALLs are handled in their order of arrival, the next one when the one before is answered;
// the answers to our own CALLs are taken at any time (OCPP 2.0.1 Part 4 section 4.1.1).
// Next: apps/ocpp-gateway/src/calls/routes.ts
import { once } from 'node:events';
import {
  type CallFrame,
  type CallResultFrame,
  callErrorText,
  type ErrorFrame,
  type Frame,
  mendPayload,
  mendText,
  parseFrame,
  type QuirkProfile,
  refusedActionCode,
  type SendFrame,
  STRICT_ID_LENGTH,
  type Strictness,
  TOLERATED_ID_LENGTH,
} from '@evenkeel/ocpp';
import type { RawData } from 'ws';
import { CallRefusal, StationDenied } from '../calls/call';
import { type CommandLine, StationCommands } from '../commands/station-commands';
import type { BadFrame } from '../metrics/gateway-metrics';
import type { StationTrace } from '../trace/station-traces';
import { refusalOf, resultText } from './answer-text';
import { CLOSE, type ConnectionParts } from './connection-parts';
import type { Station } from './station';
import { makeInBoot } from './station-make';
import type { SocketOwner, StationSocket } from './station-socket';

const BILLED: ReadonlySet<string> = new Set(['StartTransaction', 'StopTransaction']);

interface WaitingCall {
  readonly frame: CallFrame | SendFrame;
  readonly text: string;
  readonly receivedAtMs: number;
}

export class StationConnection implements CommandLine, SocketOwner {
  /** When anything was last heard; every message and pong proves that the station is there. */
  lastHeardAtMs = Date.now();
  /** Undefined until the station is claimed for this connection. */
  generation: number | undefined;
  readonly trace: StationTrace;
  /** Of a make with known quirks; strict runs know none. */
  private quirks: QuirkProfile | undefined;
  private stationCommands: StationCommands | undefined;
  /** Undefined while nothing waits, as mostly. */
  private waiting: WaitingCall[] | undefined;
  private work: Promise<void> | undefined;
  private unreadableInARow = 0;
  private reading = true;
  private bootAsked = false;

  constructor(
    readonly station: Station,
    private readonly socket: StationSocket,
    private readonly parts: ConnectionParts,
    readonly remoteAddress: string | undefined,
  ) {
    this.trace = parts.traces.of(station.key);
    if (this.strictness === 'tolerant') this.quirks = parts.makes.learn(station.key, station.version, station.make);
    socket.belongTo(this);
  }

  /** Most stations are never sent one. */
  get commands(): StationCommands {
    this.stationCommands ??= new StationCommands(this.station.version, this.parts.limits.commandTimeoutMs, this);
    return this.stationCommands;
  }

  get isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }

  async closed(): Promise<void> {
    if (this.socket.readyState !== this.socket.CLOSED) await once(this.socket, 'close');
  }

  /** @throws BrokerUnavailable when nobody knows. */
  async mayCall(): Promise<boolean> {
    if (this.generation === undefined) return false;
    if (await this.parts.generations.isNewest(this.station, this.generation)) return true;
    this.close(CLOSE.replaced, 'replaced by a newer connection');
    return false;
  }

  expireCommands(nowMs: number): void {
    this.stationCommands?.expire(nowMs);
  }

  ping(): void {
    if (this.isOpen) this.socket.ping();
  }

  /** Ends a connection that is dead: nobody would answer a closing handshake. */
  terminate(): void {
    this.socket.terminate();
  }

  /** Reads nothing more; what was read is still processed to its end. */
  close(code: number, reason: string): void {
    this.reading = false;
    this.socket.close(code, reason);
  }

  /** Reads nothing more, gives the answers that are owed, then closes. */
  async finish(): Promise<void> {
    this.reading = false;
    await this.work;
    this.close(CLOSE.goingAway, 'the back end is going away; connect again');
  }

  private get strictness(): Strictness {
    return this.station.isHeldToSchemas ? 'strict' : this.parts.limits.strictness;
  }

  heard(): void {
    this.lastHeardAtMs = Date.now();
  }

  receive(data: RawData, isBinary: boolean): void {
    if (!this.reading) return;
    const receivedAtMs = Date.now();
    this.lastHeardAtMs = receivedAtMs;
    if (isBinary) {
      this.badFrame('binary');
      this.close(CLOSE.notText, 'OCPP frames are text');
      return;
    }
    const arrived = data.toString();
    this.trace.frame('in', receivedAtMs, arrived);
    const { version } = this.station;
    const { text, frame } = this.parse(arrived);
    if (frame.kind !== 'malformed') this.unreadableInARow = 0;
    switch (frame.kind) {
      case 'call':
      case 'send':
        this.take({ frame, text, receivedAtMs });
        return;
      case 'callResult':
      case 'callError':
        this.answered(frame);
        return;
      case 'callResultError':
        this.answerRefused(frame);
        return;
      case 'malformed':
        this.badFrame('malformed');
        this.send(callErrorText(version, frame.id, frame.code, frame.description));
        this.unreadableInARow += 1;
        if (this.unreadableInARow >= this.parts.limits.unreadableFrames) this.close(CLOSE.tooManyUnreadable, 'too many unreadable frames');
        return;
      default:
        // An unknown message type, or a broken frame that must not be answered.
        this.badFrame('ignored');
    }
  }

  /** Where a profile knows what a broken text means, that is what has arrived. */
  private parse(arrived: string): { text: string; frame: Frame } {
    const { version } = this.station;
    const longestId = this.strictness === 'strict' ? STRICT_ID_LENGTH : TOLERATED_ID_LENGTH;
    const frame = parseFrame(arrived, version, longestId);
    if (frame.kind !== 'malformed' || !this.quirks) return { text: arrived, frame };
    const text = mendText(this.quirks, arrived);
    if (text !== arrived) this.trace.violation(`quirk:${this.quirks.name}`, this.lastHeardAtMs);
    return text === arrived ? { text, frame } : { text, frame: parseFrame(text, version, longestId) };
  }

  private badFrame(reason: BadFrame): void {
    this.parts.metrics.badFrame(reason);
    this.trace.violation(reason, Date.now());
  }

  private answered(frame: CallResultFrame | ErrorFrame): void {
    const kind = this.stationCommands?.answered(frame) ?? 'unknown';
    if (kind !== 'expected') this.badFrame(kind === 'late' ? 'late-answer' : 'answers-nothing');
  }

  /** OCPP 2.1: the station could not use an answer of ours. That is never answered; somebody has to look why. */
  private answerRefused({ id, code, description }: ErrorFrame): void {
    this.badFrame('answer-not-processed');
    const { stationId } = this.station;
    this.parts.log.warn(
      { stationId, messageId: id, code, description: description.slice(0, 255) },
      'a station could not process an answer',
    );
  }

  private take(call: WaitingCall): void {
    this.waiting ??= [];
    this.waiting.push(call);
    if (this.waiting.length > this.parts.limits.waitingCalls) {
      this.badFrame('too-many-waiting');
      this.close(CLOSE.tooManyWaiting, 'too many calls at once; keep them and try again');
    }
    this.work ??= this.answerWaiting(this.waiting);
  }

  private async answerWaiting(waiting: WaitingCall[]): Promise<void> {
    for (let call = waiting.shift(); call !== undefined; call = waiting.shift()) {
      await (call.frame.kind === 'send' ? this.hear(call) : this.answer(call));
    }
    this.waiting = undefined;
    this.work = undefined;
  }

  /** Never fails: what goes wrong with a CALL becomes its CALLERROR. */
  private async answer(call: WaitingCall): Promise<void> {
    const startedAt = performance.now();
    const { id, action } = call.frame;
    const { version } = this.station;
    let outcome = 'answered';
    try {
      this.send(await this.resultOf(call));
    } catch (error) {
      if (error instanceof StationDenied) return this.deny(error);
      const { code, description } = refusalOf(error, action, this.station, this.parts.log);
      if (code !== 'InternalError') this.trace.violation(`refused:${code}`, Date.now());
      outcome = code;
      this.send(callErrorText(version, id, code, description));
    }
    this.parts.metrics.called(version, action, outcome, (performance.now() - startedAt) / 1000);
  }

  private deny({ message }: StationDenied): void {
    this.parts.log.warn({ stationId: this.station.stationId, reason: message }, 'a station is not the one that it has shown to be');
    this.close(CLOSE.denied, 'the serial number is not that of the certificate');
  }

  /** OCPP 2.1: a SEND gets no answer of any kind, whatever becomes of it. */
  private async hear(call: WaitingCall): Promise<void> {
    const startedAt = performance.now();
    const { action } = call.frame;
    let outcome = 'heard';
    try {
      await this.mustBeAllowed(call);
      await this.handle(call);
    } catch (error) {
      outcome = refusalOf(error, action, this.station, this.parts.log).code;
    }
    this.parts.metrics.called(this.station.version, action, outcome, (performance.now() - startedAt) / 1000);
  }

  /** @returns the text of the CALLRESULT, the remembered one for a repetition. */
  private async resultOf(call: WaitingCall): Promise<string> {
    const { id, action } = call.frame;
    const { answers } = this.parts;
    await this.mustBeAllowed(call);
    if (action === 'BootNotification') {
      const answer = this.parts.toldTime.tell(await this.handle(call));
      return resultText(id, this.parts.bootSpread.spread(answer, this.station.key));
    }
    if (!answers.remembers(action)) return resultText(id, this.parts.toldTime.tell(await this.handle(call)));
    const given = await answers.find(this.station.key, call.text);
    if (given !== undefined) {
      this.parts.metrics.repeated();
      return given;
    }
    const answer = await this.handle(call);
    const text = resultText(id, answer);
    if (Object.keys(answer).length > 0) answers.keep(this.station.key, call.text, text);
    return text;
  }

  /**
   * Before it is accepted a station may only boot, and send what it was asked for (OCPP 2.0.1 B01.FR.10, B02.FR.09, B03.FR.07; OCPP 1.6 errata
   * 5.6).
   */
  private async mustBeAllowed(call: WaitingCall): Promise<void> {
    const { station } = this;
    const { action, payload } = call.frame;
    if (station.accepted || action === 'BootNotification' || station.mayBeforeAcceptance(action)) return;
    if (station.registration === 'pending' && this.stationCommands?.expects(action, payload)) return;
    if (station.version === '1.6') {
      // The station keeps such a message only for so long, and nothing else tells that somebody has charged.
      if (station.registration === 'pending' && BILLED.has(action)) await this.handle(call, this.parts.quarantine);
      if (!station.everBooted && station.registration !== 'rejected') this.askForBoot();
    }
    if (await station.acceptedByNow(Date.now())) return;
    throw new CallRefusal('SecurityError', 'Send BootNotification first.');
  }

  /** Once a connection; a station that cannot be asked boots by itself sooner or later. */
  private askForBoot(): void {
    if (this.bootAsked) return;
    this.bootAsked = true;
    const command = { action: 'TriggerMessage', payload: { requestedMessage: 'BootNotification' }, urgency: 'configuration' } as const;
    this.commands.give(command).catch((error: unknown) => {
      this.bootAsked = false;
      this.parts.log.debug({ error, stationId: this.station.stationId }, 'a station could not be asked to boot');
    });
  }

  private handle({ frame, text, receivedAtMs }: WaitingCall, desk = this.parts.desk): Promise<object> {
    const { station, trace } = this;
    const { strictness } = this;
    const { id, action } = frame;
    const route = this.parts.routeOf(station.version, action);
    if (!route) throw new CallRefusal(refusedActionCode(action), 'This back end does not handle the action.');
    if (action === 'BootNotification' && strictness === 'tolerant') {
      this.quirks = this.parts.makes.learn(station.key, station.version, makeInBoot(station.version, frame.payload));
    }
    const payload = this.quirks ? mendPayload(this.quirks, action, frame.payload) : frame.payload;
    const mended = payload === frame.payload ? undefined : `quirk:${this.quirks?.name}`;
    return route.answer({ station, frame: { kind: 'call', id, action, payload }, text, receivedAtMs, strictness, mended, trace }, desk);
  }

  gone(): void {
    this.stationCommands?.connectionLost();
    this.parts.onClosed(this);
  }

  failed(error: Error & { code?: string }): void {
    const tooLarge = error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
    this.badFrame(tooLarge ? 'too-large' : 'broken-socket');
    this.parts.log.info({ stationId: this.station.stationId, reason: error.message }, 'a station broke the connection');
  }

  send(text: string): void {
    if (!this.isOpen) return;
    this.trace.frame('out', Date.now(), text);
    this.socket.send(text);
    // It writes and does not read: what is owed to it must not fill our memory.
    if (this.reading && this.socket.bufferedAmount > this.parts.limits.unsentBytes) {
      this.badFrame('slow-reader');
      this.close(CLOSE.tooManyWaiting, 'answers are not read; come again');
    }
  }
}
