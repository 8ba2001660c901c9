// The decider of one command that an eMSP has given us: accepted, carried out, and its result told, each once. Nothing in it says who somebody
// is: a token is a reference here.
// Next: apps/ocpi-bridge/src/commands/command-worker.ts
import { type ActiveLimits, type IssuedToken, idOf, type PartyKey } from '@evenkeel/contracts';
import { accept, type Decider } from '@evenkeel/decider';
import { type Codec, codecOf } from '@evenkeel/event-store';
import type { ProfileOrder } from '../profiles/profile-order';

interface AtStation {
  stationId: string;
  /** Absent: whichever the station chooses. */
  evseId?: number;
}

interface ByToken {
  token: IssuedToken;
  /** Of the eMSP: it goes into the session and its CDR. */
  authorizationReference?: string;
}

/** What is to be done, in our own words: where it is has been found already. */
export type Order =
  | ({ command: 'START_SESSION' } & AtStation & ByToken)
  | { command: 'STOP_SESSION'; stationId: string; transactionId: string }
  | ({ command: 'RESERVE_NOW'; reservation: string; number: number; expiresAt: string } & AtStation & ByToken)
  | { command: 'CANCEL_RESERVATION'; stationId: string; reservation: string; number: number }
  | { command: 'UNLOCK_CONNECTOR'; stationId: string; evseId: number; connectorId: number }
  | ProfileOrder;

/** In the words of OCPI; `detail` is for people. */
export interface Outcome {
  result: string;
  detail?: string;
  /** What was asked for. */
  active?: ActiveLimits;
}

interface Given {
  issuer: PartyKey;
  order: Order;
  /** Where the eMSP wants the result. */
  responseUrl: string;
  at: string;
}

export type PartnerCommandEvent =
  | { type: 'PartnerCommandAccepted'; data: Given }
  | { type: 'PartnerCommandSettled'; data: Outcome & { at: string } }
  | { type: 'CommandResultTold'; data: { at: string } }
  /** The eMSP did not take it, or could not be reached for as long as it waits. */
  | { type: 'CommandResultNotTold'; data: { reason: string; at: string } };

export type PartnerCommandStep =
  | ({ kind: 'accept' } & Given)
  | ({ kind: 'settle'; at: string } & Outcome)
  | { kind: 'tell'; at: string }
  | { kind: 'give-up'; reason: string; at: string };

export interface PartnerCommandState {
  status: 'none' | 'accepted' | 'settled' | 'told' | 'not-told';
  given?: Given;
  outcome?: Outcome;
}

export const partnerCommand: Decider<PartnerCommandState, PartnerCommandStep, PartnerCommandEvent> = {
  initial: () => ({ status: 'none' }),
  evolve,
  // A step that comes twice, or too late, changes nothing: a command is carried out once, and the first outcome is the one that is told.
  decide: ({ status }, step) => {
    const { kind, ...data } = step;
    switch (kind) {
      case 'accept':
        return status === 'none' ? accept<PartnerCommandEvent>({ type: 'PartnerCommandAccepted', data: data as Given }) : accept();
      case 'settle':
        return status === 'accepted'
          ? accept<PartnerCommandEvent>({ type: 'PartnerCommandSettled', data: data as Outcome & { at: string } })
          : accept();
      case 'tell':
        return status === 'settled' ? accept<PartnerCommandEvent>({ type: 'CommandResultTold', data: { at: step.at } }) : accept();
      case 'give-up':
        return status === 'settled'
          ? accept<PartnerCommandEvent>({ type: 'CommandResultNotTold', data: data as { reason: string; at: string } })
          : accept();
    }
  },
};

function evolve(state: PartnerCommandState, event: PartnerCommandEvent): PartnerCommandState {
  switch (event.type) {
    case 'PartnerCommandAccepted':
      return { status: 'accepted', given: event.data };
    case 'PartnerCommandSettled': {
      const { at: _, ...outcome } = event.data;
      return { ...state, status: 'settled', outcome };
    }
    case 'CommandResultTold':
      return { ...state, status: 'told' };
    case 'CommandResultNotTold':
      return { ...state, status: 'not-told' };
  }
}

export const partnerCommandCodec: Codec<PartnerCommandEvent> = codecOf<PartnerCommandEvent>({
  PartnerCommandAccepted: [],
  PartnerCommandSettled: [],
  CommandResultTold: [],
  CommandResultNotTold: [],
});

export const partnerCommandStreamPrefix = 'partnercommand-';

/** The same request of the same partner is the same command, however often it arrives. */
export function partnerCommandStream(partnerId: string, requestId: string, fingerprint: string): string {
  return `${partnerCommandStreamPrefix}${idOf('partner-command', partnerId, requestId, fingerprint)}`;
}
