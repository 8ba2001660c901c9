// The road to a bridge: what its partner sends passes here on the way, and has an accident where a test wants one. Somebody crashes at that
// very moment, and either the request never arrives or nobody hears the answer to it.
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Lost = 'request' | 'answer';

export interface Place {
  method: string;
  path: RegExp;
}

interface Accident {
  place: Place;
  lost: Lost;
  happens: () => Promise<void>;
}

interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

export class Road {
  private readonly server: Server;
  private readonly accidents: Accident[] = [];
  private readonly sent: { method: string; path: string }[] = [];
  private authorization = '';

  private constructor(private readonly bridgePort: number) {
    this.server = createServer((asked, answer) => void this.carry(asked, answer));
  }

  static async to(bridgePort: number): Promise<Road> {
    const road = new Road(bridgePort);
    road.server.listen(0, '127.0.0.1');
    await once(road.server, 'listening');
    return road;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The next request that fits, or its answer, is lost while the crash happens. Resolves when whoever has crashed is back. */
  accident(place: Place, lost: Lost, crash: () => Promise<void>): Promise<void> {
    return new Promise((over, failed) => {
      this.accidents.push({ place, lost, happens: () => crash().then(over, failed) });
    });
  }

  /** How many requests that fit were sent, arrived or not. */
  count({ method, path }: Place): number {
    return this.sent.filter((each) => each.method === method && path.test(each.path)).length;
  }

  /** What the bridge tells the partner, with the token that the partner used last. */
  async read<T>(path: string): Promise<{ status_code: number; data?: T }> {
    const response = await fetch(`http://127.0.0.1:${this.bridgePort}${path}`, { headers: { authorization: this.authorization } });
    return response.json() as Promise<{ status_code: number; data?: T }>;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async carry(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    try {
      const { method = '', url: path = '' } = asked;
      const body = await bytesOf(asked);
      this.sent.push({ method, path });
      this.authorization = asked.headers.authorization ?? this.authorization;
      const accident = this.accidents.find(({ place }) => place.method === method && place.path.test(path));
      // An answer can only be lost where there is one.
      const answered = accident?.lost === 'request' ? undefined : await this.passOn(asked, body);
      if (!accident || !this.isFirst(accident)) {
        if (answered) answer.writeHead(answered.status, answered.headers).end(answered.body);
        return;
      }
      const over = accident.happens();
      answer.destroy();
      await over;
    } catch {
      // Nobody is there: to whoever asked, the line is dead.
      answer.destroy();
    }
  }

  /** One accident happens to one request. */
  private isFirst(accident: Accident): boolean {
    const index = this.accidents.indexOf(accident);
    if (index >= 0) this.accidents.splice(index, 1);
    return index >= 0;
  }

  private async passOn({ method, url: path, headers }: IncomingMessage, body: Buffer): Promise<Answer> {
    const onward = request({ host: '127.0.0.1', port: this.bridgePort, method, path, headers, agent: false });
    onward.end(body);
    const [response] = (await once(onward, 'response')) as [IncomingMessage];
    return { status: response.statusCode ?? 502, headers: response.headers, body: await bytesOf(response) };
  }
}

async function bytesOf(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
