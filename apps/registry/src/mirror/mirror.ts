// The decider of what is known of a station beside its registration: its variables, jobs, reservations, profiles, certificates and so on,
// each a document with the shape that OCPP 2.1 gives it. It follows from what the station reports and from what it has answered; nothing of
// it is assumed. Documents are kept by kind and key.
import type { NeutralCall } from '@evenkeel/contracts';
import { accept, type Decider } from '@evenkeel/decider';
import { type Codec, codecOf } from '@evenkeel/event-store';
import { type BootNews, inventoryDue } from '../inventory/inventory';
import { DRIVER_PREFERENCES } from '../smart-charging/preferences';
import { changesOfCall } from './changes-of-calls';
import { changesOfNotice } from './changes-of-notices';
import { type Applied, type Change, type Document, type Item, Known } from './known';
import { type TransactionNews, transactionChanges } from './transactions';

export type MirrorNews =
  /** In the words of OCPP 2.1, of a notice or of a question that was answered with yes. */
  | { readonly kind: 'notice'; readonly action: string; readonly payload: Document; readonly at: string }
  | ({ readonly kind: 'call'; readonly at: string } & NeutralCall)
  | ({ readonly kind: 'booted'; readonly at: string } & BootNews)
  | { readonly kind: 'started'; readonly reservationId: number; readonly transactionId: string; readonly at: string }
  | ({ readonly kind: 'transaction'; readonly at: string } & TransactionNews)
  /** What we conclude of something that is known: it becomes a part of that document. */
  | { readonly kind: 'concluded'; readonly of: string; readonly key: string; readonly document: Document; readonly at: string }
  /** What the driver of a transaction wants: its key and the document. */
  | { readonly kind: 'preferred'; readonly wish: Item; readonly at: string }
  /** Time has passed: what has an end may have reached it. */
  | { readonly kind: 'time'; readonly at: string };

export type MirrorEvent = {
  type: 'ItemsChanged';
  data: Applied & { readonly stationId: string; readonly at: string };
};

export interface MirrorCommand {
  readonly stationId: string;
  readonly news: MirrorNews;
}

export const mirrorCodec: Codec<MirrorEvent> = codecOf<MirrorEvent>({ ItemsChanged: [] });
export const mirrorStreamPrefix = 'mirror-';

export const mirror: Decider<Known, MirrorCommand, MirrorEvent> = {
  initial: () => new Known(),
  evolve: (known, { data }) => known.apply(data),
  decide: (known, { stationId, news }) => {
    const changes = known.effective(changesOf(known, news));
    return accept<MirrorEvent>(
      ...changes.map((change) => ({ type: 'ItemsChanged' as const, data: { ...change, stationId, at: news.at } })),
    );
  },
};

function changesOf(known: Known, news: MirrorNews): readonly Change[] {
  switch (news.kind) {
    case 'notice':
      return changesOfNotice(known, news.action, news.payload, news.at);
    case 'call':
      return changesOfCall(known, news, news.at);
    case 'booted':
      return [...confirmedFirmware(known, news), ...inventoryDue(known, news)];
    case 'started':
      return usedReservation(known, news);
    case 'transaction':
      return transactionChanges(known, news);
    case 'concluded': {
      const before = known.get(news.of, news.key);
      return before === undefined ? [] : [{ kind: news.of, put: [[news.key, { ...before, ...news.document }]] }];
    }
    case 'preferred':
      return [{ kind: DRIVER_PREFERENCES, put: [news.wish] }];
    case 'time':
      return expiredReservations(known, news.at);
  }
}

/** An installed firmware is provisional until the station boots with another version (OCPP 1.6 section 4.5, OCPP 2.0.1 L01). */
function confirmedFirmware(known: Known, { firmwareVersion, at }: Extract<MirrorNews, { kind: 'booted' }>): Change[] {
  const jobs = known.all('firmware-job').filter(([, { status, bootedAt }]) => status === 'Installed' && bootedAt === undefined);
  if (firmwareVersion === undefined || jobs.length === 0) return [];
  return [{ kind: 'firmware-job', put: jobs.map(([key, job]) => [key, { ...job, firmwareVersion, bootedAt: at }]) }];
}

function usedReservation(known: Known, { reservationId, transactionId }: Extract<MirrorNews, { kind: 'started' }>): Change[] {
  const key = String(reservationId);
  const reservation = known.get('reservation', key) ?? { id: reservationId };
  return [{ kind: 'reservation', put: [[key, { ...reservation, status: 'Used', transactionId }]] }];
}

/** OCPP 1.6 reports no end of a reservation, so its own time ends it. */
function expiredReservations(known: Known, at: string): Change[] {
  const ended = known.all('reservation').filter(([, { status, expiryDateTime }]) => {
    return status === 'Active' && typeof expiryDateTime === 'string' && Date.parse(expiryDateTime) <= Date.parse(at);
  });
  return ended.length === 0 ? [] : [{ kind: 'reservation', put: ended.map(([key, each]) => [key, { ...each, status: 'Expired' }]) }];
}
