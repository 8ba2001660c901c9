// The decider of one command that we have given to a CPO: sent once, answered, and concluded once by the CPO's result. A result may overtake the
// answer, and one that comes after its time is still the truth.
import {
  type ActiveLimits,
  type DriverPreferences,
  type IssuedToken,
  idOf,
  type PartnerCommand,
  type PartyKey,
  type ProfileLimits,
} from '@evenkeel/contracts';
import { accept, type Decider, reject } from '@evenkeel/decider';
import { type Codec, codecOf } from '@evenkeel/event-store';
import { COMMAND_TIMEOUT_SECONDS } from '@evenkeel/ocpi';

/** What was asked for; a token is a reference here. */
export interface SentOrder {
  command: string;
  token?: IssuedToken;
  locationId?: string;
  evseUid?: string;
  connectorId?: string;
  sessionId?: string;
  expiresAt?: string;
  reservationId?: string;
  limits?: ProfileLimits;
  durationSeconds?: number;
  preferences?: DriverPreferences;
}

interface Sent {
  partnerId: string;
  partner: PartyKey;
  order: SentOrder;
  at: string;
}
export interface Word {
  result: string;
  reason?: string;
  /** What holds for the session, where that was asked for. */
  active?: ActiveLimits;
}

export type SentCommandEvent =
  | { type: 'CommandSent'; data: Sent }
  | { type: 'CommandAnswered'; data: Word & { timeoutSeconds: number; at: string } }
  /** The request itself was refused. */
  | { type: 'CommandNotTaken'; data: { reason: string; at: string } }
  /** Nobody has answered: whether the CPO has it is not known. */
  | { type: 'CommandUnanswered'; data: { reason: string; at: string } }
  | { type: 'CommandConcluded'; data: Word & { at: string } }
  | { type: 'SessionRecognised'; data: { sessionId: string; at: string } };

export type SentCommandStep =
  | ({ kind: 'send' } & Sent)
  | ({ kind: 'answer'; timeoutSeconds: number; at: string } & Word)
  | { kind: 'not-taken'; reason: string; at: string }
  | { kind: 'unanswered'; reason: string; at: string }
  /** `command`: of the address at which the result came. */
  | ({ kind: 'conclude'; partnerId: string; command?: string; at: string } & Word)
  | { kind: 'recognise'; partner: PartyKey; sessionId: string; at: string };

export interface SentCommandState {
  status: 'none' | 'sent' | 'accepted' | 'refused' | 'concluded';
  sent?: Sent;
  /** The newest. */
  word?: Word;
  reason?: string;
  timeoutSeconds: number;
  concludedAt?: string;
  sessionId?: string;
}

export type SentCommandRejection = 'unknown' | 'concluded';

export const sentCommand: Decider<SentCommandState, SentCommandStep, SentCommandEvent, SentCommandRejection> = {
  initial: () => ({ status: 'none', timeoutSeconds: COMMAND_TIMEOUT_SECONDS }),
  evolve,
  decide: (state, step) => {
    switch (step.kind) {
      case 'send': {
        const { kind: _, ...data } = step;
        return state.status === 'none' ? accept<SentCommandEvent>({ type: 'CommandSent', data }) : accept();
      }
      case 'answer': {
        const { kind: _, ...data } = step;
        return state.status === 'sent' ? accept<SentCommandEvent>({ type: 'CommandAnswered', data }) : accept();
      }
      case 'not-taken':
        return state.status === 'sent'
          ? accept<SentCommandEvent>({ type: 'CommandNotTaken', data: { reason: step.reason, at: step.at } })
          : accept();
      case 'unanswered':
        return state.status === 'sent'
          ? accept<SentCommandEvent>({ type: 'CommandUnanswered', data: { reason: step.reason, at: step.at } })
          : accept();
      case 'conclude': {
        const { kind: _, partnerId, command = state.sent?.order.command, ...data } = step;
        if (state.sent?.partnerId !== partnerId || state.sent.order.command !== command) return reject('unknown');
        // A CPO that crashed before it heard our answer tells it again.
        if (state.status === 'concluded' && state.word?.result === step.result) return accept();
        if (state.status === 'refused' || state.status === 'concluded') return reject('concluded');
        return accept<SentCommandEvent>({ type: 'CommandConcluded', data });
      }
      case 'recognise': {
        const { kind: _, partner, ...data } = step;
        const isTheOne = state.sent?.partner === partner && state.sent.order.command === 'START_SESSION';
        return isTheOne && state.sessionId === undefined ? accept<SentCommandEvent>({ type: 'SessionRecognised', data }) : accept();
      }
    }
  },
};

function evolve(state: SentCommandState, event: SentCommandEvent): SentCommandState {
  switch (event.type) {
    case 'CommandSent':
      return { ...state, status: 'sent', sent: event.data };
    case 'CommandAnswered': {
      const { timeoutSeconds, at: _, ...word } = event.data;
      return { ...state, status: word.result === 'ACCEPTED' ? 'accepted' : 'refused', word, timeoutSeconds };
    }
    case 'CommandNotTaken':
      return { ...state, status: 'refused', reason: event.data.reason };
    case 'CommandUnanswered':
      return { ...state, reason: event.data.reason };
    case 'CommandConcluded': {
      const { at, ...word } = event.data;
      const { reason: _, ...rest } = state;
      return { ...rest, status: 'concluded', word, concludedAt: at };
    }
    case 'SessionRecognised':
      return { ...state, sessionId: event.data.sessionId };
  }
}

/** As an operator sees it at the instant; undefined for a command that was never sent. */
export function shownAt(commandId: string, state: SentCommandState, at: string): PartnerCommand | undefined {
  const { sent, word, concludedAt, reason = word?.reason } = state;
  if (!sent) return undefined;
  const { sessionId = sent.order.sessionId } = state;
  const awaitedUntil = new Date(Date.parse(sent.at) + state.timeoutSeconds * 1_000).toISOString();
  const { reservationId, command } = sent.order;
  return {
    commandId,
    partner: sent.partner,
    command,
    status: statusOf(state, at > awaitedUntil),
    ...(word === undefined ? {} : { result: word.result }),
    ...(reason === undefined ? {} : { reason }),
    sentAt: sent.at,
    awaitedUntil,
    ...(concludedAt === undefined ? {} : { concludedAt }),
    ...(reservationId === undefined ? {} : { reservationId }),
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(word?.active === undefined ? {} : { active: word.active }),
  };
}

function statusOf({ status, word }: SentCommandState, isLate: boolean): PartnerCommand['status'] {
  if (status === 'refused') return 'refused';
  if (status === 'concluded') {
    if (word?.result === 'TIMEOUT') return 'timeout';
    return word?.result === 'ACCEPTED' ? 'done' : 'failed';
  }
  if (isLate) return 'timeout';
  return status === 'accepted' ? 'accepted' : 'sent';
}

export const sentCommandCodec: Codec<SentCommandEvent> = codecOf<SentCommandEvent>({
  CommandSent: [],
  CommandAnswered: [],
  CommandNotTaken: [],
  CommandUnanswered: [],
  CommandConcluded: [],
  SessionRecognised: [],
});

export function sentCommandStream(commandId: string): string {
  return `sentcommand-${commandId.toLowerCase()}`;
}

/** The last start of a token at a place of a CPO: a session without a reference, as OCPI 2.1.1 has them, is recognised by it. */
export type LastStartEvent = { type: 'StartSent'; data: { commandId: string; at: string } };
export const lastStart: Decider<{ last?: LastStartEvent['data'] }, LastStartEvent['data'], LastStartEvent> = {
  initial: () => ({}),
  evolve: (_, event) => ({ last: event.data }),
  decide: (_, data) => accept<LastStartEvent>({ type: 'StartSent', data }),
};
export const lastStartCodec: Codec<LastStartEvent> = codecOf<LastStartEvent>({ StartSent: [] });

export function lastStartStream(partner: PartyKey, tokenKey: string, locationId: string): string {
  return `sentstart-${idOf('sent-start', partner, tokenKey, locationId.toLowerCase())}`;
}
