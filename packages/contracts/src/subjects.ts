// Subjects and consumer names derived from the flow.
import { type AppName, type MessageName, messages, type RequestName, requests } from './flow';
import type { PartyKey } from './party';
import { subjectKey } from './subject-key';

/** `session.completed.us-chg`: the message's subject and the party it belongs to. */
export function messageSubject(name: MessageName, party: PartyKey): string {
  return `${messages[name].subject}.${subjectKey(party)}`;
}

/** Where the durable consumer of one service for one message listens, over all parties. */
export function messageFilter(name: MessageName): string {
  return `${messages[name].subject}.*`;
}

/** JetStream durable names may not hold dots: `billing_session-completed`. */
export function consumerName(app: AppName, name: MessageName): string {
  return `${app}_${messages[name].subject.replaceAll('.', '-')}`;
}

export function requestSubject(name: Exclude<RequestName, 'callStation'>): string {
  return requests[name].subject;
}

/**
 * `us-chg.cp01`: the station in subjects and as a key of buckets, the same for every spelling of its id. It is joined and not concatenated,
 * because it is kept as long as its station is connected, and V8 keeps a concatenation with its parts.
 */
export function stationKey(party: PartyKey, stationId: string): string {
  return [subjectKey(party), subjectKey(stationId)].join('.');
}

/** `call.us-chg.cp01`: only the gateway pod that holds the station's socket listens there. */
export function stationCallSubject(party: PartyKey, stationId: string): string {
  return [requests.callStation.subject, stationKey(party, stationId)].join('.');
}
