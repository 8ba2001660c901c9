// The transactions that run at a station, as its signals tell of them: what may be limited by a profile of its own, and what a site's power
// is shared between. What has ended is remembered for a while, because a signal may come again, and late.
import { DRIVER_PREFERENCES } from '../smart-charging/preferences';
import type { Change, Document, Item, Known } from './known';

export interface TransactionNews {
  readonly phase: 'started' | 'updated' | 'ended';
  readonly transactionId: string;
  readonly evseId?: number | undefined;
  readonly remoteStartId?: number | undefined;
  /** When it happened, by the station's clock. */
  readonly happenedAt: string;
}

/** Ended transactions that are remembered. */
const ENDED_KEPT = 20;

export function transactionChanges(known: Known, news: TransactionNews): Change[] {
  const { phase, transactionId, evseId, happenedAt } = news;
  const before = known.get('transaction', transactionId);
  if (before?.status === 'Ended') return [];
  const at = evseId ?? (before?.evseId as number | undefined);
  const place = at === undefined ? {} : { evseId: at };
  if (phase === 'ended') {
    const ended = { transactionId, ...place, startedAt: before?.startedAt ?? happenedAt, status: 'Ended', endedAt: happenedAt };
    return [{ kind: 'transaction', put: [[transactionId, ended]], removed: forgotten(known) }, ...consequences(known, transactionId, at)];
  }
  const startedAt = earlier(before?.startedAt as string | undefined, happenedAt);
  const rival = known.all('transaction').find(([key, other]) => key !== transactionId && isRunningAt(other, at));
  // One EVSE has one transaction: of two the later one runs, and the end of the other was never told.
  const isOver = rival !== undefined && String(rival[1].startedAt) > startedAt;
  const superseded = rival === undefined || isOver ? [] : [superseding(rival, happenedAt)];
  const running = {
    transactionId,
    ...place,
    startedAt,
    ...(isOver ? { status: 'Ended', endedAt: rival[1].startedAt } : { status: 'Running' }),
  };
  return [
    { kind: 'transaction', put: [...superseded, [transactionId, running]] },
    ...broughtProfile(known, news, at),
    ...superseded.flatMap(([key]) => consequences(known, key, at)),
  ];
}

/** A profile lives no longer than its transaction, and so does what the vehicle has said (OCPP 2.0.1 K01, OCPP 1.6 section 3.13.1). */
function consequences(known: Known, transactionId: string, evseId: number | undefined): Change[] {
  const profiles = known.all('charging-profile').filter(([, { chargingProfile }]) => {
    return (chargingProfile as Document | undefined)?.transactionId === transactionId;
  });
  const place = evseId === undefined ? [] : [String(evseId)];
  const removed = profiles.map(([key]) => key);
  return [
    { kind: 'charging-profile', removed },
    { kind: 'dynamic-schedule', removed },
    { kind: 'charging-needs', removed: place },
    { kind: 'ev-schedule', removed: place },
    { kind: 'priority-charging', removed: [transactionId] },
    { kind: DRIVER_PREFERENCES, removed: [transactionId] },
  ];
}

/** The profile that came with the request to start holds from then on. OCPP 1.6 numbers no remote start: there the connector must do. */
function broughtProfile(known: Known, { transactionId, remoteStartId }: TransactionNews, evseId: number | undefined): Change[] {
  const found = known.all('starting-profile').find(([key, asked]) => {
    return remoteStartId === undefined ? evseId !== undefined && asked.evseId === evseId : key === String(remoteStartId);
  });
  if (found === undefined || evseId === undefined) return [];
  const [key, { chargingProfile }] = found;
  const { id, ...profile } = chargingProfile as Document;
  const installed = { evseId, chargingLimitSource: 'CSO', chargingProfile: { id, ...profile, transactionId } };
  return [
    { kind: 'charging-profile', put: [[String(id), installed]] },
    { kind: 'starting-profile', removed: [key] },
  ];
}

function isRunningAt({ status, evseId }: Document, at: number | undefined): boolean {
  return status === 'Running' && at !== undefined && evseId === at;
}

function superseding([key, document]: Item, endedAt: string): Item {
  return [key, { ...document, status: 'Ended', endedAt }];
}

function earlier(one: string | undefined, other: string): string {
  return one !== undefined && one < other ? one : other;
}

function forgotten(known: Known): string[] {
  const ended = known.all('transaction').filter(([, { status }]) => status === 'Ended');
  const newestFirst = ended.sort(([, one], [, other]) => (String(one.endedAt) < String(other.endedAt) ? 1 : -1));
  return newestFirst.slice(ENDED_KEPT - 1).map(([key]) => key);
}
