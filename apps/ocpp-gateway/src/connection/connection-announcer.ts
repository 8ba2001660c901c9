// Says that a station is here or gone. No station repeats these facts for us, so each is tried until it is durable or out of date; and only
// the process that holds the newest connection may say that a station is gone.
import { randomUUID } from 'node:crypto';
import { idOf, type StationFactOf } from '@evenkeel/contracts';
import type { Log } from '@evenkeel/service';
import type { SayFact } from '../announce/say-fact';
import type { Generations } from './generations';
import type { Station } from './station';

const AGAIN_MS = 2_000;

interface Held {
  readonly station: Station;
  readonly generation: number | undefined;
}

export class ConnectionAnnouncer {
  constructor(
    private readonly facts: Pick<SayFact, 'say'>,
    private readonly generations: Generations,
    private readonly log: Log,
  ) {}

  /** @param isStillTrue asked before each repetition. */
  async here({ station }: Held, isStillTrue: () => boolean): Promise<void> {
    const fact = connectionFact(station, true);
    await this.untilDone(station, () => this.say(fact), isStillTrue);
  }

  async gone({ station, generation }: Held, isStillTrue: () => boolean): Promise<void> {
    if (generation === undefined) return;
    const fact = connectionFact(station, false);
    const say = async () => {
      if (await this.generations.isNewest(station, generation)) await this.say(fact);
    };
    await this.untilDone(station, say, isStillTrue);
  }

  private say(fact: ReturnType<typeof connectionFact>): Promise<void> {
    return this.facts.say(fact, JSON.stringify(fact).length);
  }

  private async untilDone({ stationId }: Station, work: () => Promise<void>, isStillTrue: () => boolean): Promise<void> {
    do {
      try {
        return await work();
      } catch (error) {
        this.log.warn({ error, stationId }, 'a connection could not be announced');
      }
      if (isStillTrue()) await new Promise((resolve) => setTimeout(resolve, AGAIN_MS).unref());
    } while (isStillTrue());
  }
}

function connectionFact({ party, stationId, key, version }: Station, connected: boolean): StationFactOf<'station-connection-changed'> {
  const at = new Date().toISOString();
  const messageId = randomUUID();
  return {
    factId: idOf('connection', key, messageId),
    party,
    stationId,
    ocppVersion: version,
    at,
    receivedAt: at,
    messageId,
    kind: 'station-connection-changed',
    connected,
  };
}
