// What a route says of itself: the objects that it takes and answers, by their names in a version. It stands at the route and travels with it into
// the router, so that the document is made of the routes that are served and of no second list.
import {
  type CommandObjects,
  commandNames,
  type OcpiVersion,
  type PaymentObjects,
  type ProfileObjects,
  type VersionNumber,
} from '@evenkeel/ocpi';
import { RouteConfig } from '@nestjs/platform-fastify';

export type ObjectName =
  | Exclude<keyof OcpiVersion, 'number' | 'commands' | 'profiles' | 'payments'>
  | `commands.${keyof CommandObjects}`
  | `profiles.${keyof ProfileObjects}`
  | `payments.${keyof PaymentObjects}`
  | 'versions'
  | 'details';

/** A version has no route that is about an object which it lacks. */
export interface RouteWords {
  summary: string;
  /** The body, one of these objects. */
  takes?: readonly ObjectName[];
  /** The body is some fields of the object, `last_updated` among them. */
  patches?: ObjectName;
  /** In the data of the answer: an object of ours. */
  answers?: ObjectName;
  /** In the data of the answer: an object of the partner's, with whatever it has sent. */
  shows?: ObjectName;
  /** In the data of the answer: a page of our objects. */
  lists?: ObjectName;
  /** Parameters that say more than their names: JSON Schemas. */
  params?: Readonly<Record<string, Schema>>;
  query?: Readonly<Record<string, Schema>>;
  /** HTTP 201 is an answer too. */
  mayCreate?: true;
  /** The answer names the address of what was posted. */
  isPosted?: true;
  /** There may be no body at all. */
  mayBeEmpty?: true;
  /** In this version only. */
  only?: VersionNumber;
}

type Schema = Record<string, unknown>;

export const Described = (words: RouteWords) => RouteConfig({ words });

/** @param config of a route of fastify. */
export function wordsIn(config: unknown): RouteWords | undefined {
  return (config as { words?: RouteWords } | undefined)?.words;
}

/** By which a token is told from another with the same uid. */
export const tokenType = { type: 'string', description: 'Type of the token; RFID where it is not said' };
export const commandParameter = { type: 'string', enum: [...commandNames] };
export const responseUrl = { type: 'string', description: 'Where the result is posted to; required' };
