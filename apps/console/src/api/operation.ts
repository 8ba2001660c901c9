// What the table of operations says of each, and the types that follow from it for the method that carries it out.
import type { Operator, Role } from '@evenkeel/contracts';
import type { Static, TObject, TSchema } from '@sinclair/typebox';
import type { ProblemKind } from '../problem/problems';

export const tags = {
  access: 'Who asks.',
  stations: 'Charging stations and their live state.',
  security: 'Who may connect, and what was refused.',
  commands: 'What a connected station is told to do.',
  budgets: 'Power that what charges at a site shares.',
  fleet: 'What many stations are told at once, and are to have.',
  catalogue: 'Locations, tariffs, drivers and tokens.',
  sessions: 'Charging sessions, rebuilt from what the stations reported.',
  cdrs: 'Charge detail records: issued by us and received from partners.',
  books: 'What was billed, as double-entry books and as statements for partners.',
  partners: 'Roaming partners.',
  about: 'This interface.',
} as const;

export interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api`, parameters in braces. */
  readonly path: string;
  readonly summary: string;
  readonly tag: keyof typeof tags;
  /** The least role that may ask. */
  readonly access: Role | 'public';
  readonly params?: TObject;
  /** Its values are coerced from text, its defaults filled in. */
  readonly query?: TObject;
  readonly body?: TSchema;
  /** Of the body. */
  readonly example?: unknown;
  readonly response: TSchema;
  /** JSON where absent; a response of another type is what is sent, as it is. */
  readonly mediaType?: 'text/csv' | 'application/pdf';
  /** 200 where absent. */
  readonly status?: 200 | 201;
  /** Path of what was created, its parameters taken from the response. */
  readonly location?: string;
  /** Those that do not follow from the rest of the declaration. */
  readonly problems?: readonly ProblemKind[];
}

type StaticOf<S> = S extends TSchema ? Static<S> : undefined;

/** What a request holds once it fits. */
export interface InputOf<O extends Operation> {
  params: StaticOf<O['params']>;
  query: StaticOf<O['query']>;
  body: StaticOf<O['body']>;
}
export type OutputOf<O extends Operation> = Static<O['response']>;

export interface Visitor {
  readonly address: string;
}
/** Who asks: of a public operation nothing is known but the address. */
export type CallerOf<O extends Operation> = O['access'] extends 'public' ? Visitor : Visitor & Operator;
