// A station as a script plays it, over a bare WebSocket. It knows frames and schemas, nothing else: every frame from the other side is held
// against the published schema of its version, and what is wrong with it is kept for the end of the case.
import { randomUUID } from 'node:crypto';
import { eventually } from '@evenkeel/testkit';
import Ajv, { type AnySchema, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import * as schemas16 from 'typed-ocpp/dist/ocpp16/schemas.js';
import * as schemas201 from 'typed-ocpp/dist/ocpp20/schemas.js';
import * as schemas21 from 'typed-ocpp/dist/ocpp21/schemas.js';
import WebSocket, { type ClientOptions } from 'ws';

export type Version = '1.6' | '2.0.1' | '2.1';
export type Payload = Record<string, unknown>;
export type Frame = [type: number, id: string, ...rest: unknown[]];

/** A CALL of the other side, to be answered by the script. */
export interface HeardCall {
  readonly id: string;
  readonly action: string;
  readonly payload: Payload;
  readonly at: number;
}

export type Answered =
  | { readonly kind: 'result'; readonly payload: Payload }
  | { readonly kind: 'error'; readonly code: string; readonly description: string };

export interface StationOptions {
  readonly url: string;
  /** The last part of the URL, percent-encoded by the caller where that is the point. */
  readonly path: string;
  /** Null sends no Authorization header. */
  readonly credentials: { readonly user: string; readonly password: string | Buffer } | null;
  readonly protocols: readonly string[];
  readonly client?: ClientOptions;
}

export interface Refused {
  readonly status: number;
}

/** Actions that a script need not answer itself: how a modest station answers them. */
export type Manners = (call: HeardCall) => Payload | undefined;

const SCHEMAS: Readonly<Record<Version, Readonly<Record<string, AnySchema>>>> = {
  '1.6': schemas16 as Record<string, AnySchema>,
  '2.0.1': schemas201 as Record<string, AnySchema>,
  '2.1': schemas21 as Record<string, AnySchema>,
};
const ajv = new Ajv({ strict: false, validateSchema: false, allErrors: true, multipleOfPrecision: 6 });
addFormats(ajv, ['uri', 'date-time']);
const validators = new Map<string, ValidateFunction>();

export class MinimalStation {
  /** Everything that was received, in order. */
  readonly frames: Frame[] = [];
  /** What is wrong with what was received. */
  readonly violations: string[] = [];
  closeCode: number | undefined;
  private readonly heard: HeardCall[] = [];
  private readonly asked = new Map<string, { readonly action: string; readonly settle: (answer: Answered) => void }>();

  private constructor(
    readonly socket: WebSocket,
    readonly version: Version,
    private readonly manners: Manners,
  ) {
    socket.on('message', (data, isBinary) => this.receive(String(data), isBinary));
    socket.on('close', (code) => {
      this.closeCode = code;
    });
    socket.on('error', () => undefined);
  }

  /** @returns the station, or the HTTP status of the refusal; 0 where the connection broke before any. */
  static connect(options: StationOptions, manners: Manners = () => undefined): Promise<MinimalStation | Refused> {
    const { url, path, credentials, protocols, client } = options;
    const headers = credentials && { authorization: `Basic ${encoded(credentials.user, credentials.password)}` };
    const socket = new WebSocket(`${url}/${path}`, [...protocols], { ...client, ...(headers ? { headers } : {}) });
    return new Promise((resolve) => {
      let station: MinimalStation | undefined;
      // What the other side says at once must not be missed.
      socket.once('upgrade', ({ headers: agreed }) => {
        // Whoever offers none is an old one.
        const protocol = String(agreed['sec-websocket-protocol'] ?? 'ocpp1.6');
        station = new MinimalStation(socket, protocol.replace('ocpp', '') as Version, manners);
      });
      socket.once('open', () => station && resolve(station));
      socket.once('unexpected-response', (request, response) => {
        request.destroy();
        resolve({ status: response.statusCode ?? 0 });
      });
      socket.once('error', () => resolve({ status: 0 }));
    });
  }

  /** Sends a CALL and waits for its answer. */
  call(action: string, payload: Payload = {}, id: string = randomUUID()): Promise<Answered> {
    const answer = new Promise<Answered>((settle) => this.asked.set(id, { action, settle }));
    this.send([2, id, action, payload]);
    return within(5_000, `the answer to ${action}`, answer);
  }

  /** As `call`, for an answer that must be a CALLRESULT. */
  async ask(action: string, payload: Payload = {}): Promise<Payload> {
    const answer = await this.call(action, payload);
    if (answer.kind === 'error') throw new Error(`${action} was refused: ${answer.code} ${answer.description}`);
    return answer.payload;
  }

  /** As `call`, for an answer that must be a CALLERROR. @returns its code. */
  async refusal(action: string, payload: Payload = {}): Promise<string> {
    const answer = await this.call(action, payload);
    if (answer.kind === 'result') throw new Error(`${action} was not refused`);
    return answer.code;
  }

  send(frame: readonly unknown[] | string): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** The next CALL of the other side with that action, which the script has to answer. */
  async heardCall(action: string): Promise<HeardCall> {
    const call = await eventually(() => this.heard.find((each) => each.action === action));
    this.heard.splice(this.heard.indexOf(call), 1);
    return call;
  }

  /** CALLs that nobody has asked for yet. */
  get unanswered(): readonly HeardCall[] {
    return this.heard;
  }

  answer({ id }: HeardCall, payload: Payload): void {
    this.send([3, id, payload]);
  }

  refuse({ id }: HeardCall, code: string): void {
    this.send([4, id, code, '', {}]);
  }

  /** Waits for that CALL and answers it. @returns what was asked. */
  async obey(action: string, payload: Payload = { status: 'Accepted' }): Promise<Payload> {
    const call = await this.heardCall(action);
    this.answer(call, payload);
    return call.payload;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.socket.once('close', resolve));
    if (this.closeCode === undefined) {
      this.socket.close();
      await closed;
    }
  }

  private receive(text: string, isBinary: boolean): void {
    if (isBinary) this.violations.push('a binary frame');
    const frame = JSON.parse(text) as Frame;
    this.frames.push(frame);
    const [type, id] = frame;
    if (type === 2) this.take({ id, action: String(frame[2]), payload: frame[3] as Payload, at: Date.now() }, frame);
    else if (type === 3) this.settle(id, { kind: 'result', payload: frame[2] as Payload }, frame);
    else if (type === 4) this.settle(id, { kind: 'error', code: String(frame[2]), description: String(frame[3]) }, frame);
    else this.violations.push(`a frame of type ${type}`);
  }

  private take(call: HeardCall, frame: Frame): void {
    if (frame.length !== 4) this.violations.push('a CALL without four elements');
    if (call.id.length > 36) this.violations.push('a message id of more than 36 characters');
    this.hold(call.action, 'Request', call.payload);
    const answer = this.manners(call);
    if (answer === undefined) this.heard.push(call);
    else this.answer(call, answer);
  }

  private settle(id: string, answer: Answered, frame: Frame): void {
    const question = this.asked.get(id);
    this.asked.delete(id);
    if (answer.kind === 'error' && (frame.length !== 5 || String(frame[3]).length > 255)) this.violations.push('a malformed CALLERROR');
    if (question && answer.kind === 'result') this.hold(question.action, 'Response', answer.payload);
    question?.settle(answer);
  }

  private hold(action: string, direction: 'Request' | 'Response', payload: Payload): void {
    const name = `${action}${direction}`;
    const schema = SCHEMAS[this.version][name];
    if (schema === undefined) {
      this.violations.push(`there is no ${name} in OCPP ${this.version}`);
      return;
    }
    const key = `${this.version} ${name}`;
    const validate = validators.get(key) ?? ajv.compile(schema);
    validators.set(key, validate);
    if (!validate(payload)) this.violations.push(`${name}: ${ajv.errorsText(validate.errors)}`);
  }
}

function encoded(user: string, password: string | Buffer): string {
  return Buffer.concat([Buffer.from(`${user}:`), Buffer.from(password)]).toString('base64');
}

async function within<T>(ms: number, what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error(`${what} did not come within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
