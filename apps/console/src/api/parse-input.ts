// Makes the input of an operation out of a request, or says where the request does not fit.
import { mismatch } from '@evenkeel/contracts';
import type { TObject, TSchema } from '@sinclair/typebox';
import { HttpProblem } from '../problem/problems';
import type { Operation } from './operation';

interface RawRequest {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

export interface ParsedInput {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

/** @throws HttpProblem `invalid` that names the place, e.g. "body /evses/0/uid must be string". */
export function parseInput({ params, query, body }: Operation, request: RawRequest): ParsedInput {
  return {
    params: params && fitting('path', params, request.params),
    query: query && fitting('query', query, coerced(query, request.query as Readonly<Record<string, unknown>>)),
    body: body && fitting('body', body, request.body),
  };
}

function fitting(part: string, schema: TSchema, value: unknown): unknown {
  const wrong = mismatch(schema, value);
  if (wrong !== undefined) throw new HttpProblem('invalid', `${part} ${wrong.replace(/^the value /, '')}`);
  return value;
}

/** A query is text; what cannot be converted stays text, for the schema to refuse. */
function coerced(schema: TObject, query: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const properties = schema.properties as Readonly<Record<string, TSchema>>;
  const defaults = Object.entries(properties).flatMap(([name, { default: value }]) => (value === undefined ? [] : [[name, value]]));
  const given = Object.entries(query).map(([name, text]) => [name, Object.hasOwn(properties, name) ? read(properties[name], text) : text]);
  return Object.fromEntries([...defaults, ...given]);
}

function read(property: TSchema | undefined, text: unknown): unknown {
  if (property?.type === 'integer' && typeof text === 'string' && /^-?\d{1,15}$/.test(text)) return Number(text);
  if (property?.type === 'number' && typeof text === 'string' && /^-?\d{1,15}(\.\d{1,15})?$/.test(text)) return Number(text);
  if (property?.type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}
