// A bare socket: sends any text, waits for the frame with an id, and checks every CALLRESULT against the schema of its action. For tests.
import { once } from 'node:events';
import { OCPP_VERSIONS, type OcppVersion, responseSchema, SUBPROTOCOLS } from '@evenkeel/ocpp';
import { eventually } from '@evenkeel/testkit';
import WebSocket, { type ClientOptions } from 'ws';
import { passwordOf } from './small-registry';

export interface RawOptions {
  readonly identity: string;
  /** By default the identity. */
  readonly user?: string;
  /** Null sends no Authorization header. */
  readonly password?: string | Buffer | null;
  readonly protocols?: readonly string[];
  readonly path?: string;
  readonly client?: ClientOptions;
}

export type Frame = [type: number, id: string, ...rest: unknown[]];

export class RawStation {
  readonly frames: Frame[] = [];
  closeCode: number | undefined;
  private readonly actions = new Map<string, string>();

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => this.frames.push(JSON.parse(String(data))));
    socket.on('close', (code) => {
      this.closeCode = code;
    });
    socket.on('error', () => undefined);
  }

  /** @returns the station, or the HTTP status and headers of the refusal. */
  static async connect(
    url: string,
    options: RawOptions,
  ): Promise<RawStation | { status: number; headers: NodeJS.Dict<string | string[]> }> {
    const { identity, user = identity, password = passwordOf(identity), protocols = [SUBPROTOCOLS['1.6']], path } = options;
    const credentials = password === null ? undefined : Buffer.concat([Buffer.from(`${user}:`), Buffer.from(password)]).toString('base64');
    const headers: Record<string, string> = credentials === undefined ? {} : { Authorization: `Basic ${credentials}` };
    const target = `${url}/${path ?? encodeURIComponent(identity)}`;
    const socket = new WebSocket(target, [...protocols], { perMessageDeflate: false, headers, ...options.client });
    const station = new RawStation(socket);
    const refused = new Promise<{ status: number; headers: NodeJS.Dict<string | string[]> }>((resolve) => {
      socket.once('unexpected-response', (request, response) => {
        request.destroy();
        resolve({ status: response.statusCode ?? 0, headers: response.headers });
      });
    });
    return Promise.race([refused, once(socket, 'open').then(() => station)]);
  }

  get version(): OcppVersion {
    return OCPP_VERSIONS.find((version) => SUBPROTOCOLS[version] === this.socket.protocol) ?? '1.6';
  }

  send(frame: string | unknown[]): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** Sends a CALL and waits for its answer. */
  call(id: string, action: string, payload: unknown = {}): Promise<Frame> {
    this.actions.set(id, action);
    this.send([2, id, action, payload]);
    return this.answerTo(id);
  }

  async answerTo(id: string): Promise<Frame> {
    const frame = await eventually(() => this.frames.find((each) => each[1] === id && each[0] !== 2));
    this.frames.splice(this.frames.indexOf(frame), 1);
    const violation = frame[0] === 3 ? responseSchema(this.version, this.actions.get(id) ?? '')?.explain(frame[2]) : undefined;
    if (violation) throw new Error(`the answer to ${this.actions.get(id)} is not valid: ${violation.description}`);
    return frame;
  }

  /** The next CALL of the back end. */
  async nextCommand(): Promise<Frame> {
    const frame = await eventually(() => this.frames.find(([type]) => type === 2));
    this.frames.splice(this.frames.indexOf(frame), 1);
    return frame;
  }

  async closed(): Promise<number> {
    return eventually(() => this.closeCode);
  }

  close(): void {
    this.socket.close();
  }
}
