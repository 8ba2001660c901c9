// The decider of one delivery: the newest revision of one object that one party of a partner must have. Sessions, tokens, locations and tariffs
// are state: only the newest revision is ever sent. CDRs are facts: they have one revision and stay due until they are acknowledged or parked.
// Next: packages/ocpi/src/v230/to-ocpi-cdr.ts
import { type Cdr, type IssuedToken, idOf, type PartyKey, type SessionSnapshot } from '@evenkeel/contracts';
import { accept, type Decider } from '@evenkeel/decider';
import { type Codec, codecOf } from '@evenkeel/event-store';

/** Whom it is about, and what is published, are references here: the words for them are found when it is sent. */
export type Deliverable =
  | { module: 'sessions'; session: SessionSnapshot }
  | { module: 'cdrs'; cdr: Cdr }
  | { module: 'tokens'; token: IssuedToken; lastUpdated: string }
  | { module: 'locations'; party: PartyKey; locationId: string; lastUpdated: string }
  | { module: 'tariffs'; party: PartyKey; tariffId: string; lastUpdated: string };

/** The only revision that a CDR ever has: it never changes (OCPI 2.2.1 mod_cdrs). */
export const CDR_REVISION = 0;

export type DeliveryEvent =
  /** `recipient` is a party, not a platform: it keeps its deliveries when it is reached through another one. */
  | { type: 'DeliveryDue'; data: { recipient: PartyKey; objectId: string; revision: number; object: Deliverable; at: string } }
  | { type: 'DeliverySucceeded'; data: { revision: number; at: string } }
  /** `answered`: the partner took the request and did not grant it; otherwise it could not be reached. */
  | { type: 'DeliveryFailed'; data: { revision: number; attempt: number; reason: string; answered: boolean; retryAt: string } }
  | { type: 'DeliveryParked'; data: { revision: number; reason: string; at: string } }
  /**
   * An operator wants the newest revision sent, once more or at last, or whom it is for is back behind its hub. `requestId`: of a request for
   * everything of a module.
   */
  | { type: 'DeliveryRequested'; data: { revision: number; at: string; requestId?: string } };

/** `round` is the one that the attempt belongs to; absent: whichever is going on. */
type Attempt = { revision: number; round?: number };
export type DeliveryCommand =
  | { kind: 'due'; recipient: PartyKey; objectId: string; revision: number; object: Deliverable; at: string }
  | (Attempt & { kind: 'succeed'; at: string })
  | (Attempt & { kind: 'fail'; reason: string; answered: boolean; retryAt: string })
  | (Attempt & { kind: 'park'; reason: string; at: string })
  /** What is parked, or waits for another attempt, is tried now. */
  | { kind: 'retry'; at: string }
  /** What is delivered or parked is sent again, once for each request. */
  | { kind: 'repeat'; at: string; requestId: string };
/** What becomes of an attempt. */
export type SettlingCommand = Extract<DeliveryCommand, { kind: 'succeed' | 'fail' | 'park' }>;

export interface DeliveryState {
  status: 'none' | 'due' | 'delivered' | 'parked';
  recipient: PartyKey;
  objectId: string;
  /** Of the newest object, due or delivered. */
  revision: number;
  object?: Deliverable;
  /** When this revision became due, and the first of all. */
  dueAt: string;
  firstDueAt: string;
  retryAt: string;
  /** Attempts at this revision. */
  attempt: number;
  /** Attempts that the partner answered. */
  refusals: number;
  /** How often it was asked for once more. */
  round: number;
  /** The request for everything of its module that it was part of last. */
  requestId?: string;
  /** The last time that the partner acknowledged a revision of it. */
  deliveredAt?: string;
  /** Why the last attempt failed or the delivery is parked. */
  reason?: string;
}

export const delivery: Decider<DeliveryState, DeliveryCommand, DeliveryEvent> = {
  initial: () => ({
    ...{ status: 'none', recipient: '', objectId: '', revision: -1 },
    ...{ dueAt: '', firstDueAt: '', retryAt: '', attempt: 0, refusals: 0, round: 0 },
  }),
  evolve,
  decide: (state, command) => {
    switch (command.kind) {
      case 'due': {
        const { kind: _, ...data } = command;
        return command.revision > state.revision ? accept<DeliveryEvent>({ type: 'DeliveryDue', data }) : accept();
      }
      case 'succeed':
        // What was overtaken while it travelled is not the newest any more: the newer revision stays due.
        return concerns(state, command) ? accept<DeliveryEvent>({ type: 'DeliverySucceeded', data: without(command) }) : accept();
      case 'fail':
        return concerns(state, command)
          ? accept<DeliveryEvent>({ type: 'DeliveryFailed', data: { ...without(command), attempt: state.attempt + 1 } })
          : accept();
      case 'park':
        return concerns(state, command) ? accept<DeliveryEvent>({ type: 'DeliveryParked', data: without(command) }) : accept();
      case 'retry':
        return waits(state, command.at) ? accept(requested(state, { at: command.at })) : accept();
      case 'repeat': {
        const isOver = state.status === 'delivered' || state.status === 'parked';
        return isOver && state.requestId !== command.requestId ? accept(requested(state, without(command))) : accept();
      }
    }
  },
};

function requested({ revision }: DeliveryState, data: { at: string; requestId?: string }): DeliveryEvent {
  return { type: 'DeliveryRequested', data: { revision, ...data } };
}

/** What is due already goes by itself, so that a repeated request changes nothing. */
function waits({ status, retryAt }: DeliveryState, at: string): boolean {
  return status === 'parked' || (status === 'due' && retryAt > at);
}

function evolve(state: DeliveryState, event: DeliveryEvent): DeliveryState {
  switch (event.type) {
    case 'DeliveryDue': {
      const { recipient, objectId, revision, object, at } = event.data;
      const firstDueAt = state.firstDueAt === '' ? at : state.firstDueAt;
      const { reason: _, ...rest } = state;
      return { ...rest, recipient, objectId, revision, object, status: 'due', dueAt: at, firstDueAt, retryAt: at, attempt: 0, refusals: 0 };
    }
    case 'DeliverySucceeded': {
      const { reason: _, ...rest } = state;
      return { ...rest, status: 'delivered', deliveredAt: event.data.at };
    }
    case 'DeliveryFailed': {
      const { attempt, reason, answered, retryAt } = event.data;
      return { ...state, attempt, reason, retryAt, refusals: state.refusals + (answered ? 1 : 0) };
    }
    case 'DeliveryParked':
      return { ...state, status: 'parked', reason: event.data.reason };
    case 'DeliveryRequested': {
      const { at, requestId } = event.data;
      const { reason: _, ...rest } = state;
      const again = { status: 'due', dueAt: at, retryAt: at, attempt: 0, refusals: 0, round: state.round + 1 } as const;
      return { ...rest, ...again, ...(requestId === undefined ? {} : { requestId }) };
    }
  }
}

/**
 * A revision or a round that this state has not heard of was made due by another replica: the append will find the stream further on, and the
 * decision is taken again on what is stored there.
 */
function concerns(state: DeliveryState, { revision, round = state.round }: Attempt): boolean {
  if (revision !== state.revision) return revision > state.revision;
  return state.status === 'due' || round > state.round;
}

function without<T extends { kind: string; round?: number }>(command: T): Omit<T, 'kind' | 'round'> {
  const { kind: _, round: __, ...data } = command;
  return data;
}

/** Whether it is about a person. */
export function isPersonal({ module }: Deliverable): boolean {
  return module === 'sessions' || module === 'cdrs' || module === 'tokens';
}

/** Undefined for a session without a payer, which is nobody's, and for what is about no person. */
export function bearerOf(object: Deliverable): IssuedToken | undefined {
  switch (object.module) {
    case 'sessions':
      return object.session.terms.payer && issuedOf(object.session.terms.payer);
    case 'cdrs':
      return issuedOf(object.cdr.payer);
    case 'tokens':
      return issuedOf(object.token);
    case 'locations':
    case 'tariffs':
      return undefined;
  }
}

function issuedOf({ party, key, type }: IssuedToken): IssuedToken {
  return { party, key, type };
}

export const deliveryCodec: Codec<DeliveryEvent> = codecOf<DeliveryEvent>({
  DeliveryDue: [],
  DeliverySucceeded: [],
  DeliveryFailed: [],
  DeliveryParked: [],
  DeliveryRequested: [],
});

export const deliveryStreamPrefix = 'delivery-';

export function deliveryStream(recipient: PartyKey, module: Deliverable['module'], objectId: string): string {
  return `${deliveryStreamPrefix}${idOf('delivery', recipient, module, objectId.toLowerCase())}`;
}
