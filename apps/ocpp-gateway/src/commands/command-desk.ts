// Takes commands for the stations whose sockets this process holds. Each live station has its own subject, so that "nobody listens" means
// offline at once.
import { type Answer, mismatch, Problem, type Request, requests, stationCallSubject } from '@evenkeel/contracts';
import type { Broker } from '@evenkeel/messaging';
import type { Log } from '@evenkeel/service';
import type { StationConnection } from '../connection/station-connection';
import type { GatewayMetrics } from '../metrics/gateway-metrics';
import { commandFor, isConfiguring } from './command';
import type { CommandOutcome } from './station-commands';

export class CommandDesk {
  constructor(
    private readonly broker: Broker,
    private readonly metrics: GatewayMetrics,
    private readonly log: Log,
  ) {}

  /** @returns what ends the listening. */
  listenFor(connection: StationConnection): () => void {
    const { party, stationId } = connection.station;
    const subscription = this.broker.connection.subscribe(stationCallSubject(party, stationId), {
      callback: (failure, message) => {
        if (failure) this.log.error({ error: failure, stationId }, 'commands cannot be heard');
        else void this.answer(connection, message);
      },
    });
    return () => subscription.unsubscribe();
  }

  private async answer(connection: StationConnection, message: CommandMessage): Promise<void> {
    let answer: Answer<CommandOutcome>;
    try {
      answer = { ok: true, value: await carryOut(connection, message.json()) };
    } catch (error) {
      answer = { ok: false, problem: this.problemOf(error, connection.station.stationId) };
    }
    this.metrics.commanded(answer.ok ? answer.value.outcome : answer.problem.code);
    message.respond(Buffer.from(JSON.stringify(answer)));
  }

  /** The command is not logged: it may set a password. */
  private problemOf(error: unknown, stationId: string): { code: Problem['code']; detail: string } {
    if (error instanceof Problem) return { code: error.code, detail: error.message };
    this.log.error({ error, stationId }, 'a command failed');
    return { code: 'unavailable', detail: 'the gateway failed; its log says why' };
  }
}

interface CommandMessage {
  json(): unknown;
  respond(answer: Uint8Array): boolean;
}

async function carryOut(connection: StationConnection, request: unknown): Promise<CommandOutcome> {
  const wrong = mismatch(requests.callStation.request, request);
  if (wrong !== undefined) throw new Problem('invalid', wrong);
  const { call } = request as Request<'callStation'>;
  const { version, registration } = connection.station;
  // A rejected station is sent nothing; a pending one may be configured but not told to charge (OCPP 2.0.1 B02, B03; 1.6 section 4.2).
  if (registration === 'rejected') throw new Problem('forbidden', 'the station is rejected');
  const command = commandFor(version, call);
  if (registration === 'pending' && !isConfiguring(command)) throw new Problem('forbidden', 'the station is not accepted yet');
  return connection.commands.give(command);
}
