// A WebSocket with nothing of OCPP in it: it sends any text, keeps every answer that comes back, and reports how a connection is refused.
import { once } from 'node:events';
import WebSocket from 'ws';

export type AnswerFrame = [type: number, id: string, ...rest: unknown[]];

export interface Knock {
  /** What follows the base URL, as it stands. */
  path: string;
  /** User and password of Basic authentication; absent sends no Authorization header. */
  credentials?: string;
  protocols: readonly string[];
}

const PATIENCE_MS = 5_000;

export interface Refused {
  status: number;
  challenge: string | undefined;
}

export class BareStation {
  readonly frames: AnswerFrame[] = [];
  private closeCode: number | undefined;

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data));
      // A new station is asked what it is; this one does not know any question.
      if (frame[0] === 2) socket.send(JSON.stringify([4, frame[1], 'NotImplemented', '', {}]));
      else this.frames.push(frame);
    });
    socket.on('close', (code) => {
      this.closeCode = code;
    });
  }

  static async connect(url: string, { path, credentials, protocols }: Knock): Promise<BareStation | Refused> {
    const headers: Record<string, string> = credentials === undefined ? {} : { authorization: `Basic ${btoa(credentials)}` };
    const socket = new WebSocket(`${url}/${path}`, [...protocols], { headers });
    const station = new BareStation(socket);
    const refused = new Promise<Refused>((resolve) => {
      socket.once('unexpected-response', (request, { statusCode = 0, headers: { 'www-authenticate': challenge } }) => {
        request.destroy();
        resolve({ status: statusCode, challenge });
      });
    });
    const opened = once(socket, 'open').then(() => station);
    return Promise.race([refused, opened]);
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  send(frame: string | Buffer): void {
    this.socket.send(frame);
  }

  /** Sends a CALL and waits for its answer. */
  call(id: string, action: string, payload: object = {}): Promise<AnswerFrame> {
    this.send(JSON.stringify([2, id, action, payload]));
    return this.answerTo(id);
  }

  /** Each answer is taken once, so that ids may come again. */
  async answerTo(id: string): Promise<AnswerFrame> {
    for (const signal = AbortSignal.timeout(PATIENCE_MS); ; await once(this.socket, 'message', { signal })) {
      const index = this.frames.findIndex((frame) => frame[1] === id);
      const [answer] = index === -1 ? [] : this.frames.splice(index, 1);
      if (answer) return answer;
    }
  }

  async closed(): Promise<number> {
    if (this.closeCode === undefined) await once(this.socket, 'close', { signal: AbortSignal.timeout(PATIENCE_MS) });
    return this.closeCode ?? 0;
  }

  async close(): Promise<void> {
    this.socket.close();
    await this.closed();
  }
}
