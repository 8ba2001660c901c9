// Holds a response against the OpenAPI document: a promise that no response keeps is worth nothing. For tests.
import { mismatch } from '@evenkeel/contracts';
import { type TSchema, Type } from '@sinclair/typebox';
import { openApiDocument } from './openapi';

interface Described {
  readonly responses: Readonly<Record<string, { $ref?: string; content?: Record<string, { schema: unknown }> }>>;
}

const document = openApiDocument();
const problem = { $ref: '#/components/schemas/Problem' };
const compiled = new Map<string, TSchema>();

/** @returns undefined when the response is one that the document promises, else what it is not. */
export function contradiction(
  method: string,
  path: string,
  { status, headers, body }: { status: number; headers: Headers; body: unknown },
): string | undefined {
  const type = headers.get('content-type')?.split(';')[0] ?? '';
  const operation = described(method, path);
  const promised = operation?.responses[status];
  if (operation && !promised) return `${status} is not promised`;
  const isProblem = !operation || promised?.$ref !== undefined;
  const [wanted] = isProblem ? ['application/problem+json'] : Object.keys(promised?.content ?? {});
  if (type !== wanted) return `its type is ${type}`;
  return mismatch(resolving(isProblem ? problem : promised?.content?.[type]?.schema), body);
}

function described(method: string, path: string): Described | undefined {
  const templates = Object.keys(document.paths).filter((each) => new RegExp(`^${each.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path));
  return document.paths[templates[0] ?? '']?.[method.toLowerCase()] as Described | undefined;
}

/** A schema of the document with all the components that it may refer to. */
function resolving(schema: unknown): TSchema {
  const key = JSON.stringify(schema);
  const known = compiled.get(key) ?? Type.Unsafe({ ...Object(schema), components: document.components });
  compiled.set(key, known);
  return known;
}
