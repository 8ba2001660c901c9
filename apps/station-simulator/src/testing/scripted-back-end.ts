// A back end for the simulator's own tests: a bare WebSocket server that answers as scripted, checks every CALL against its OCPP schema and
// can die and come back on the same port.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { callErrorText, callResultText, callText, requestSchema, responseSchema } from '@evenkeel/ocpp';
import { type WebSocket, WebSocketServer } from 'ws';
import type { SimulatedVersion } from '../station/dialect';

export interface ReceivedCall {
  readonly id: string;
  readonly action: string;
  readonly payload: Record<string, unknown>;
}

/** The payload to answer with, a CALLERROR (`refuse`), no answer at all, or a socket that is cut instead. */
export type Reaction = object | 'refuse' | 'silence' | 'crash';
export type Script = (call: ReceivedCall) => Reaction | Promise<Reaction>;

const SUBPROTOCOL: Readonly<Record<SimulatedVersion, string>> = { '1.6': 'ocpp1.6', '2.0.1': 'ocpp2.0.1', '2.1': 'ocpp2.1' };

export class ScriptedBackEnd {
  readonly received: ReceivedCall[] = [];
  readonly violations: string[] = [];
  readonly authorizations: Array<string | undefined> = [];
  readonly paths: Array<string | undefined> = [];
  /** The error codes of CALLRESULTERRORs: what the station says about answers it cannot use. */
  readonly refusedAnswers: string[] = [];
  pings = 0;
  /** HTTP status to refuse the next connections with. */
  refuseWith: number | undefined;
  private server: WebSocketServer | undefined;
  private socket: WebSocket | undefined;
  private port = 0;
  private readonly commands = new Map<string, (answer: unknown) => void>();

  constructor(
    private readonly version: SimulatedVersion,
    private readonly script: Script,
  ) {}

  get url(): string {
    return `ws://127.0.0.1:${this.port}/ocpp/`;
  }

  async listen(): Promise<void> {
    this.server = new WebSocketServer({
      host: '127.0.0.1',
      port: this.port,
      handleProtocols: (offers) => (offers.has(SUBPROTOCOL[this.version]) ? SUBPROTOCOL[this.version] : false),
      verifyClient: (_info, accept) => (this.refuseWith === undefined ? accept(true) : accept(false, this.refuseWith)),
    });
    this.server.on('connection', (socket, request) => {
      this.socket = socket;
      this.authorizations.push(request.headers.authorization);
      this.paths.push(request.url);
      socket.on('ping', () => {
        this.pings += 1;
      });
      socket.on('message', (data) => void this.receive(socket, String(data)));
    });
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  /** Reads nothing more on the present connection, pings included, as a back end does that hangs. */
  hang(): void {
    this.socket?.pause();
  }

  /** Stops listening and cuts every connection, as a killed process does. */
  async die(): Promise<void> {
    const server = this.server;
    if (server === undefined) return;
    for (const client of server.clients) client.terminate();
    await new Promise((resolve) => server.close(resolve));
  }

  /** Sends a CALL and resolves with the payload of the CALLRESULT or the code of the CALLERROR. */
  command(action: string, payload: object): Promise<unknown> {
    const id = `command-${this.commands.size + 1}`;
    const answered = new Promise((resolve) => this.commands.set(id, resolve));
    this.socket?.send(callText(id, action, payload));
    return answered.then((answer) => {
      const violation = typeof answer === 'string' ? undefined : responseSchema(this.version, action)?.explain(answer);
      if (violation !== undefined) this.violations.push(`${action} answer: ${violation.description}`);
      return answer;
    });
  }

  actions(): string[] {
    return this.received.map(({ action }) => action);
  }

  /** The payloads of an action, typed by the caller: their shape has been checked against the schema. */
  payloadsOf<T = Record<string, unknown>>(action: string): T[] {
    return this.received.filter((call) => call.action === action).map(({ payload }): T => payload as T);
  }

  private async receive(socket: WebSocket, text: string): Promise<void> {
    const [type, id, action, payload] = JSON.parse(text);
    if (type === 5) this.refusedAnswers.push(action);
    if (type === 3 || type === 4) this.commands.get(id)?.(action);
    if (type !== 2 && type !== 6) return;
    const schema = requestSchema(this.version, action);
    const problem = schema === undefined ? 'unknown action' : schema.explain(payload)?.description;
    if (problem !== undefined) this.violations.push(`${action}: ${problem} ${text}`);
    const isUnconfirmed = this.version === '2.1' && action === 'NotifyPeriodicEventStream';
    if (isUnconfirmed !== (type === 6)) this.violations.push(`${action} as a message of type ${type}`);
    const call = { id, action, payload };
    this.received.push(call);
    if (type === 6) return;
    const answer = await this.script(call);
    if (answer === 'crash') socket.terminate();
    else if (answer === 'refuse') socket.send(callErrorText(this.version, id, 'InternalError', 'scripted'));
    else if (answer !== 'silence') socket.send(callResultText(id, answer));
  }
}

/** What a well-meaning back end says to everything, in the words of the version. */
export function wellMeaning(version: SimulatedVersion): Script {
  const currentTime = '2026-03-01T10:00:00.000Z';
  const accepted = version === '1.6' ? { idTagInfo: { status: 'Accepted' } } : { idTokenInfo: { status: 'Accepted' } };
  let transactions = 0;
  return ({ action, payload }) => {
    switch (action) {
      case 'BootNotification':
        return { status: 'Accepted', currentTime, interval: 300 };
      case 'Heartbeat':
        return { currentTime };
      case 'Authorize':
        return accepted;
      case 'StartTransaction':
        transactions += 1;
        return { ...accepted, transactionId: transactions };
      case 'TransactionEvent':
        return payload.idToken === undefined ? {} : accepted;
      case 'SignCertificate':
      case 'OpenPeriodicEventStream':
      case 'NotifyEVChargingNeeds':
      case 'DataTransfer':
        return { status: 'Accepted' };
      case 'PullDynamicScheduleUpdate':
        return { status: 'Accepted', scheduleUpdate: { limit: 5_000 } };
      default:
        return {};
    }
  };
}

const LONGEST_WAIT_MILLISECONDS = 15_000;

/** Resolves when the condition holds. @throws when it takes too long, so that a test that fails also ends. */
export async function eventually(condition: () => boolean): Promise<void> {
  const began = performance.now();
  while (!condition()) {
    if (performance.now() - began > LONGEST_WAIT_MILLISECONDS) throw new Error(`in vain: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
