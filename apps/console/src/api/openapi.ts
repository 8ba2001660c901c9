// The OpenAPI 3.1 document, derived from the table of operations.
import type { TObject, TSchema } from '@sinclair/typebox';
import { type ProblemKind, problemKinds } from '../problem/problems';
import { componentSchemas, withReferences } from './components';
import { type Operation, tags } from './operation';
import { operationEntries } from './operations';
import { basePath } from './paths';

type Json = Record<string, unknown>;

export function openApiDocument() {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Evenkeel console',
      version: '1',
      description:
        'The REST interface for operators of a charging network. A list answers one page; `next` and the Link header lead to the following one. ' +
        'Every error is a problem detail (RFC 9457) whose `code` is stable.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    security: [{ bearer: [] }, { apiKey: [] }],
    paths: paths(),
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'The token of `POST /api/login`' },
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'For machines' },
      },
      schemas: componentSchemas(),
      responses: problemResponses(),
      headers: {
        NextPage: { description: 'Address of the following page, with rel="next"; absent on the last one', schema: { type: 'string' } },
        NewLocation: { description: 'Path of what was created', schema: { type: 'string' } },
      },
    },
  };
}

function paths(): Record<string, Json> {
  const found: Record<string, Json> = {};
  for (const [operationId, operation] of operationEntries) {
    const path = basePath + operation.path;
    const item: Json = found[path] ?? {};
    item[operation.method.toLowerCase()] = describe(operationId, operation);
    found[path] = item;
  }
  return found;
}

function describe(operationId: string, operation: Operation): Json {
  const { summary, tag, access, params, query, body, example, response, status = 200, mediaType = 'application/json' } = operation;
  const parameters = [...parametersIn('path', params), ...parametersIn('query', query)];
  return {
    operationId,
    summary,
    tags: [tag],
    ...(access === 'public' ? { security: [] } : { description: `Needs the role ${access}.`, 'x-role': access }),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body ? { requestBody: { required: true, content: { 'application/json': { schema: withReferences(body), example } } } } : {}),
    responses: {
      [status]: {
        description: status === 201 ? 'Created' : 'Done',
        ...headersOf(operation),
        content: { [mediaType]: { schema: withReferences(response) } },
      },
      ...Object.fromEntries(statusesOf(operation).map((each) => [each, { $ref: `#/components/responses/Problem${each}` }])),
    },
  };
}

function parametersIn(place: 'path' | 'query', schema: TObject | undefined): Json[] {
  const properties = (schema?.properties ?? {}) as Record<string, TSchema>;
  return Object.entries(properties).map(([name, { description, ...property }]) => ({
    name,
    in: place,
    required: schema?.required?.includes(name) === true && property.default === undefined,
    ...(description === undefined ? {} : { description }),
    schema: withReferences(property),
  }));
}

function headersOf({ query, location }: Operation): Json {
  if (location !== undefined) return { headers: { Location: { $ref: '#/components/headers/NewLocation' } } };
  return query?.properties.after === undefined ? {} : { headers: { Link: { $ref: '#/components/headers/NextPage' } } };
}

/** Problems of an operation: its own, and those that follow from what it takes, whom it lets in and whom it asks. */
export function problemsOf({ params, query, body, access, tag, problems = [] }: Operation): ProblemKind[] {
  const kinds = new Set<ProblemKind>(problems);
  if (params || query || body) kinds.add('invalid');
  if (body) kinds.add('too-large').add('unsupported-media-type');
  if (access !== 'public') kinds.add('unauthenticated').add('forbidden');
  if (tag !== 'about') kinds.add('unavailable').add('timeout');
  return [...kinds.add('internal')];
}

function statusesOf(operation: Operation): number[] {
  return [...new Set(problemsOf(operation).map((kind) => problemKinds[kind].status))].sort();
}

/** One response a status; it lists the codes that share it. */
function problemResponses(): Record<string, Json> {
  const kinds = Object.entries(problemKinds);
  const statuses = [...new Set(kinds.map(([, { status }]) => status))];
  return Object.fromEntries(
    statuses.map((status) => [
      `Problem${status}`,
      {
        description: kinds.flatMap(([kind, each]) => (each.status === status ? [`${kind}: ${each.title}`] : [])).join('; '),
        ...(status === 401 ? { headers: { 'WWW-Authenticate': { schema: { type: 'string' } } } } : {}),
        ...(status === 405 ? { headers: { Allow: { schema: { type: 'string' } } } } : {}),
        ...(status === 429 ? { headers: { 'Retry-After': { description: 'Seconds', schema: { type: 'integer' } } } } : {}),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
}
