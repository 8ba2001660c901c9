// Compile-time roles derived from the flow: what a service may say and ask, and what it must hear and answer.
//
// `Hears<'billing'>` has one method for each message addressed to billing: a controller that `implements` it does not compile while one is
// missing. `Says<'billing'>` lists billing's own messages: its publisher accepts no other name.
import {
  type AppName,
  type HeldRequest,
  type Message,
  type MessageName,
  messages,
  type Reply,
  type Request,
  type RequestName,
  requests,
} from './flow';

type Messages = typeof messages;
type Requests = typeof requests;

export type SaidBy<A extends AppName> = { [M in MessageName]: Messages[M]['saidBy'] extends A ? M : never }[MessageName];
export type HeardBy<A extends AppName> = { [M in MessageName]: A extends Messages[M]['heardBy'][number] ? M : never }[MessageName];
export type AskedBy<A extends AppName> = { [R in RequestName]: A extends Requests[R]['askedBy'][number] ? R : never }[RequestName];
/** What is answered per live station is not answered by the service as a whole, and so is not part of its answers. */
export type AnsweredBy<A extends AppName> = {
  [R in RequestName]: Requests[R]['answeredBy'] extends A ? (R extends HeldRequest ? never : R) : never;
}[RequestName];

/** What a handler may want to know beside the message. */
export interface Delivered {
  /** Nats-Msg-Id: the id of the stored event behind the message, or of the batch. */
  messageId: string;
  /** 1 at the first delivery. */
  attempt: number;
}

export type Hears<A extends AppName> = { [M in HeardBy<A>]: (message: Message<M>, delivered: Delivered) => Promise<void> };
export type Answers<A extends AppName> = { [R in AnsweredBy<A>]: (request: Request<R>) => Promise<Reply<R>> };

/** @returns the names of the messages that the service hears, at run time. */
export function heardBy(app: AppName): MessageName[] {
  return messageNames().filter((name) => (messages[name].heardBy as readonly AppName[]).includes(app));
}

export function saidBy(app: AppName): MessageName[] {
  return messageNames().filter((name) => messages[name].saidBy === app);
}

export function askedBy(app: AppName): RequestName[] {
  return requestNames().filter((name) => (requests[name].askedBy as readonly AppName[]).includes(app));
}

/** @returns every request the service answers, those per live station included. */
export function answeredBy(app: AppName): RequestName[] {
  return requestNames().filter((name) => requests[name].answeredBy === app);
}

function messageNames(): MessageName[] {
  return Object.keys(messages) as MessageName[];
}

function requestNames(): RequestName[] {
  return Object.keys(requests) as RequestName[];
}
