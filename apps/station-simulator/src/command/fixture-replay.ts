// Plays a session fixture over the station's WebSocket: the frames in their order, with the timestamps that they have, each when the one
// before it is confirmed. The back end numbers OCPP 1.6 transactions itself, so the number of its answer replaces the fixture's in what
// follows; OCPP 2.x transactions get fresh names, so that a fixture can be played more than once.
import { randomUUID } from 'node:crypto';
import { type FixtureFrame, type FixtureStep, renamed, type SessionFixture, transactionIn } from '@evenkeel/contracts';
import { CallRefused, StationClosed } from '../failures';
import { SimulatedStation } from '../station/station';
import type { Log } from '../wire/connection';

export interface ReplayOptions {
  readonly url: string;
  readonly identity: string;
  readonly password?: string;
  readonly fixture: SessionFixture;
  /** The fixture's tokens -> those that stand for them at this back end; one that is not named is shown as it is. */
  readonly tokens?: Readonly<Record<string, string>>;
  readonly log?: Log;
}

export interface Replayed {
  /** The fixture's names of transactions -> those that this back end knows. */
  readonly transactions: ReadonlyMap<string, string>;
  /** What a station cannot do: an operator's word, a death of the back end. */
  readonly leftOut: readonly FixtureStep[];
}

const ATTEMPTS = 5;
const MOST_BOOTS = 20;

/** Resolves when every frame is confirmed. @throws CallRefused when the back end refuses one. */
export async function replayFixture({ fixture, tokens = {}, ...where }: ReplayOptions): Promise<Replayed> {
  const station = await SimulatedStation.connect({ ...where, version: fixture.ocppVersion });
  const transactions = new Map<string, string>();
  try {
    await bootOf(station);
    for (const { frame, answered } of fixture.steps) {
      if (!frame) continue;
      if (fixture.ocppVersion !== '1.6') nameAnew(frame, transactions);
      const names = { token: (uid: string) => tokens[uid] ?? uid, transaction: (name: string) => transactions.get(name) ?? name };
      const [, , action, payload] = renamed(frame, names);
      const answer = await confirmed(station, action, payload);
      if (answered !== undefined) transactions.set(String(answered), String((answer as { transactionId: number }).transactionId));
    }
  } finally {
    await station.close();
  }
  return { transactions, leftOut: fixture.steps.filter(({ frame }) => frame === undefined) };
}

/** Without a word about its connectors: what they say now would be part of the session that is played. */
async function bootOf(station: SimulatedStation): Promise<void> {
  for (let boots = 0; boots < MOST_BOOTS; boots++) {
    const { status, intervalSeconds } = await station.boot();
    if (status === 'Accepted') return;
    await new Promise((resolve) => setTimeout(resolve, Math.max(intervalSeconds, 1) * 1000));
  }
  throw new Error('the back end does not accept the station');
}

function nameAnew(frame: FixtureFrame, transactions: Map<string, string>): void {
  const name = transactionIn(frame);
  if (name !== undefined && !transactions.has(name)) transactions.set(name, randomUUID());
}

/** A lost connection or a late answer is no reason to lose a message: it is sent again, as a station does. */
async function confirmed(station: SimulatedStation, action: string, payload: object): Promise<unknown> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await station.call(action, payload);
    } catch (error) {
      const mayPass = !(error instanceof StationClosed) && !(error instanceof CallRefused && error.code !== 'InternalError');
      if (!mayPass || attempt === ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500 * attempt));
    }
  }
}
