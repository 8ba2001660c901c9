// The decider of one reservation of an eMSP: the number under which its charger knows it. OCPI names a reservation by a text that is unique for
// its eMSP, OCPP by a number, and whoever changes or cancels it must find that number again.
import { randomInt } from 'node:crypto';
import { idOf, type PartyKey } from '@evenkeel/contracts';
import { accept, type Decider, reject } from '@evenkeel/decider';
import { type Codec, codecOf } from '@evenkeel/event-store';

interface Kept {
  number: number;
  stationId: string;
  expiresAt: string;
}

export type ReservationEvent =
  | { type: 'ReservationNumbered'; data: Kept & { issuer: PartyKey; reservation: string } }
  | { type: 'ReservationGivenUp'; data: { at: string } };

export type ReservationStep =
  /** `number` is used where it has none yet. */
  | { kind: 'keep'; issuer: PartyKey; reservation: string; number: number; stationId: string; expiresAt: string; at: string }
  | { kind: 'give-up'; at: string };

export interface ReservationState {
  kept?: Kept;
}

export const reservation: Decider<ReservationState, ReservationStep, ReservationEvent, 'kept-elsewhere'> = {
  initial: () => ({}),
  evolve: (_, event) => {
    if (event.type === 'ReservationGivenUp') return {};
    const { number, stationId, expiresAt } = event.data;
    return { kept: { number, stationId, expiresAt } };
  },
  decide: ({ kept }, step) => {
    if (step.kind === 'give-up') return kept ? accept<ReservationEvent>({ type: 'ReservationGivenUp', data: { at: step.at } }) : accept();
    const { kind: _, at, ...data } = step;
    if (kept?.stationId === step.stationId)
      return accept<ReservationEvent>({ type: 'ReservationNumbered', data: { ...data, number: kept.number } });
    // It would hold two chargers, and only one of them could be found again.
    if (kept && kept.expiresAt > at) return reject('kept-elsewhere');
    return accept<ReservationEvent>({ type: 'ReservationNumbered', data });
  },
};

export const reservationCodec: Codec<ReservationEvent> = codecOf<ReservationEvent>({ ReservationNumbered: [], ReservationGivenUp: [] });

export function reservationStream(issuer: PartyKey, reservationId: string): string {
  return `partnerreservation-${idOf('partner-reservation', issuer, reservationId.toLowerCase())}`;
}

/** OCPP's integers have 32 bits, and OCPI 2.1.1 numbers reservations too. */
export function newReservationNumber(): number {
  return randomInt(1, 2 ** 31 - 1);
}
