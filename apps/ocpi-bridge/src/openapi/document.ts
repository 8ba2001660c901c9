// The OpenAPI 3.1 document of one role in one version, made of the routes that are served and of the wire schemas of the version: strict where we
// speak, tolerant where we listen.
import { Envelope, type OcpiVersion, statusCodes, VersionDetails, VersionList, type WireForms, wireForms } from '@evenkeel/ocpi';
import type { TSchema } from '@sinclair/typebox';
import { otherRole, type Role } from '../interfaces';
import type { RouteWords } from './described';

type Json = Record<string, unknown>;
type Forms = ReadonlyMap<string, WireForms>;

export interface DescribedRoute {
  method: string;
  path: string;
  words: RouteWords;
}

const { said: envelope } = wireForms(Envelope);
const success: Json = { ...envelope, properties: { ...envelope.properties, status_code: { const: statusCodes.success } } };
const { data: _data, ...withoutData } = envelope.properties;
const failure: Json = {
  ...envelope,
  properties: { ...withoutData, status_code: { type: 'integer', minimum: statusCodes.clientError, maximum: 4999 } },
  required: [...envelope.required, 'status_message'],
};
const pageQuery = {
  date_from: { type: 'string', description: 'DateTime; changed then or later' },
  date_to: { type: 'string', description: 'DateTime; changed before' },
  offset: { type: 'integer', minimum: 0 },
  limit: { type: 'integer', minimum: 1 },
};

/** What the public address ends with and every path begins with. */
const BASE = '/ocpi';
const description =
  'What this platform serves to its partners. Schemas `received` are what is understood: unknown fields and unknown words of enumerations pass, and ' +
  'null counts as absent. Schemas `said` are what is answered. From version 2.2 on, functional modules carry the headers OCPI-from and OCPI-to. Every ' +
  'answer repeats X-Request-ID and X-Correlation-ID.';

export function openApiDocument(routes: readonly DescribedRoute[], role: Role, version: OcpiVersion, publicUrl: string) {
  const forms = formsOf(version);
  const others = `${BASE}/${otherRole(role).toLowerCase()}/`;
  const paths: Record<string, Json> = {};
  for (const { method, path, words } of routes) {
    if (path.startsWith(others) || !isIn(words, version, forms)) continue;
    const address = path
      .slice(BASE.length)
      .replace(':version', version.number)
      .replaceAll(/:(\w+)/g, '{$1}');
    paths[address] = { ...paths[address], [method.toLowerCase()]: operation(address, words, forms) };
  }
  return {
    openapi: '3.1.0',
    info: {
      ...{ title: `Evenkeel OCPI ${version.number}, ${role}`, version: version.number, description },
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: publicUrl }],
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: {
        token: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description: '`Token ` and the token, as Base64 from version 2.2 on',
        },
      },
      schemas: { ...schemasIn(paths, forms), success, failure },
      responses: { Refused: { description: 'Refused', content: json({ $ref: '#/components/schemas/failure' }) } },
      headers: {
        Total: { description: 'Objects of all pages', required: true, schema: { type: 'string', pattern: '^\\d+$' } },
        Limit: { description: 'Objects of a page at most', required: true, schema: { type: 'string', pattern: '^\\d+$' } },
        Next: { description: 'The next page, with rel="next"; absent on the last one', schema: { type: 'string' } },
        Address: { description: 'Where the object is found; of what is posted only', schema: { type: 'string' } },
      },
    },
  };
}

function formsOf({ number: _, commands, profiles, payments, ...objects }: OcpiVersion): Forms {
  const under = (prefix: string, group: Readonly<Record<string, { forms: WireForms }>> = {}) =>
    Object.entries(group).map(([name, { forms }]): [string, WireForms] => [`${prefix}${name}`, forms]);
  return new Map([
    ...under('', { ...objects, versions: { forms: wireForms(VersionList) }, details: { forms: wireForms(VersionDetails) } }),
    ...under('commands.', { ...commands }),
    ...under('profiles.', profiles),
    ...under('payments.', payments && { ...payments }),
  ]);
}

/** A version has no route that is about an object which it lacks. */
function isIn({ only, takes, patches, answers, shows, lists }: RouteWords, { number }: OcpiVersion, forms: Forms): boolean {
  const wanted = [patches, answers, shows, lists].flatMap((name) => name ?? []);
  return (only ?? number) === number && wanted.every((name) => forms.has(name)) && takes?.some((name) => forms.has(name)) !== false;
}

function operation(address: string, words: RouteWords, forms: Forms): Json {
  const { summary, params = {}, query = {}, mayCreate } = words;
  const inPath = [...address.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => parameter('path', name, params[name] ?? { type: 'string' }));
  const inQuery = Object.entries({ ...(words.lists === undefined ? {} : pageQuery), ...query }).map(([name, schema]) =>
    parameter('query', name, schema),
  );
  const body = bodyOf(words, forms);
  return {
    summary,
    tags: [address.split('/')[3] ?? 'versions'],
    parameters: [...inPath, ...inQuery],
    ...(body === undefined ? {} : { requestBody: { required: words.mayBeEmpty === undefined, content: json(body) } }),
    responses: {
      200: { description: 'Done, or refused with a status code of 2000 and more', ...headersOf(words), content: json(answerOf(words)) },
      ...(mayCreate === undefined ? {} : { 201: { description: 'Created', ...headersOf(words), content: json(refer('success')) } }),
      '4XX': { $ref: '#/components/responses/Refused' },
    },
  };
}

function parameter(place: 'path' | 'query', name: string, schema: Json): Json {
  const { description: about, ...rest } = schema;
  return { name, in: place, required: place === 'path', ...(about === undefined ? {} : { description: about }), schema: rest };
}

function bodyOf({ takes, patches }: RouteWords, forms: Forms): Json | undefined {
  if (patches) return { type: 'object', properties: forms.get(patches)?.received.properties, required: ['last_updated'] };
  const [first, ...others] = (takes ?? []).filter((name) => forms.has(name)).map((name) => refer(`${name}.received`));
  return others.length === 0 ? first : { anyOf: [first, ...others] };
}

function answerOf({ answers, shows, lists }: RouteWords): Json {
  const name = answers ?? lists;
  const item = name ? refer(`${name}.said`) : shows && refer(`${shows}.received`);
  const data = lists ? { type: 'array', items: item } : item;
  const done = data ? { allOf: [refer('success')], properties: { data }, required: ['data'] } : refer('success');
  return { anyOf: [done, refer('failure')] };
}

function headersOf({ lists, isPosted }: RouteWords): Json {
  const page = { 'X-Total-Count': header('Total'), 'X-Limit': header('Limit'), Link: header('Next') };
  return lists ? { headers: page } : isPosted ? { headers: { Location: header('Address') } } : {};
}

/** The objects that something in the paths refers to. */
function schemasIn(paths: Json, forms: Forms): Record<string, TSchema> {
  const text = JSON.stringify(paths);
  const named = [...forms].flatMap(([name, { received, said }]) => [
    [`${name}.received`, received] as const,
    [`${name}.said`, said] as const,
  ]);
  return Object.fromEntries(named.filter(([name]) => text.includes(`"#/components/schemas/${name}"`)));
}

function json(schema: Json | undefined): Json {
  return { 'application/json': { schema } };
}

function refer(name: string): Json {
  return { $ref: `#/components/schemas/${name}` };
}

function header(name: string): Json {
  return { $ref: `#/components/headers/${name}` };
}
