// The documents of both roles as running bridges serve them: their shape, that they say of every route what it is and of no other, and that what
// partners are really answered is what they promise.
import { mismatch } from '@evenkeel/contracts';
import { versionNumbers } from '@evenkeel/ocpi';
import { eventually } from '@evenkeel/testkit';
import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, MODULE_METADATA, PATH_METADATA } from '@nestjs/common/constants';
import { OcpiBridgeModule } from '../ocpi-bridge.module';
import { tariff } from '../testing/charging';
import type { PlatformUnderTest } from '../testing/platform-under-test';
import { locationOf } from '../testing/roaming';
import { TwoPlatforms } from '../testing/two-platforms';

interface Operation {
  parameters: { name: string; in: string; required: boolean }[];
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
}

interface Document {
  openapi: string;
  info: { title: string; version: string };
  servers: { url: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, unknown> };
}

let platforms: TwoPlatforms;
const documents = new Map<string, Document>();
const described = () =>
  [...documents].flatMap(([name, document]) =>
    Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({ name, document, path, method, operation })),
    ),
  );
const roles = [
  ['cpo', () => platforms.chargem],
  ['emsp', () => platforms.mobility],
] as const;

beforeAll(async () => {
  platforms = await TwoPlatforms.start();
  platforms.chargem.locations.push(locationOf(7), locationOf(8));
  platforms.chargem.tariffs.push(tariff);
  for (const [role, platform] of roles) {
    for (const version of versionNumbers) {
      const response = await fetch(`${platform().url}/openapi/${role}/${version}.json`);
      expect([response.status, response.headers.get('content-type')]).toEqual([200, expect.stringContaining('application/json')]);
      documents.set(`${role} ${version}`, (await response.json()) as Document);
    }
  }
}, 120_000);
afterAll(() => platforms?.stop(), 60_000);

/** The routes of the controllers, in the words of their decorators: `GET cpo/:version/locations`. */
function routesOfControllers(): string[] {
  const controllers = Reflect.getMetadata(MODULE_METADATA.CONTROLLERS, OcpiBridgeModule) as { prototype: object }[];
  return controllers.flatMap((controller) => {
    const bases = [Reflect.getMetadata(PATH_METADATA, controller) as string | string[]].flat();
    return Object.values(Object.getOwnPropertyDescriptors(controller.prototype)).flatMap(({ value }) => {
      const method = value && (Reflect.getMetadata(METHOD_METADATA, value) as RequestMethod | undefined);
      if (method === undefined) return [];
      const path = Reflect.getMetadata(PATH_METADATA, value) as string;
      return bases.map(
        (base) =>
          `${RequestMethod[method]} ${[base, path]
            .join('/')
            .replace(/^ocpi\//, '')
            .replace(/\/+$/, '')}`,
      );
    });
  });
}

describe('the OpenAPI documents', () => {
  it('are served without a token, of what is offered in the role that we have, and by GET', async () => {
    for (const path of ['openapi/emsp/2.3.0.json', 'openapi/cpo/2.0.json', 'openapi/cpo', 'openapi'])
      expect((await fetch(`${platforms.chargem.url}/${path}`)).status).not.toBe(200);
    const posted = await fetch(`${platforms.chargem.url}/openapi/cpo/2.3.0.json`, { method: 'POST' });
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('are OpenAPI 3.1, each of a role and a version, at the address that partners know', () => {
    for (const [name, { openapi, info, servers }] of documents) {
      const [role = '', version] = name.split(' ');
      expect([openapi, info.title, info.version]).toEqual(['3.1.0', `Evenkeel OCPI ${version}, ${role.toUpperCase()}`, version]);
      expect(servers).toEqual([{ url: (role === 'cpo' ? platforms.chargem : platforms.mobility).url }]);
    }
  });

  it('say of every route of the controllers what it is, and of no other', () => {
    const said = described().map(({ path, method }) => `${method.toUpperCase()} ${path.slice(1)}`);
    const served = (version: string) =>
      routesOfControllers().map((route) => route.replaceAll(/:(\w+)/g, (_, name) => (name === 'version' ? version : `{${name}}`)));
    const everywhere = versionNumbers.flatMap(served);
    expect(routesOfControllers().length).toBeGreaterThan(40);
    expect([...new Set(said)].filter((route) => !everywhere.includes(route))).toEqual([]);
    // A version leaves out what it does not have: what none of them says is forgotten.
    const anyVersion = new Set(said.map((route) => route.replace(/2\.\d\.\d/, ':version')));
    const missing = routesOfControllers().filter((route) => !anyVersion.has(route.replaceAll(/:(?!version)(\w+)/g, '{$1}')));
    expect(missing).toEqual([]);
  });

  it('leave out what a version does not have', () => {
    const [at211, at230] = ['2.1.1', '2.3.0'].map((version) => Object.keys(documents.get(`cpo ${version}`)?.paths ?? {}).join(' '));
    for (const later of ['chargingprofiles', 'hubclientinfo', 'charging_preferences']) {
      expect(at230).toContain(later);
      expect(at211).not.toContain(later);
    }
    const patched = versionNumbers.filter(
      (version) => documents.get(`emsp ${version}`)?.paths[`/emsp/${version}/tariffs/{country}/{party}/{id}`]?.patch,
    );
    expect(patched).toEqual(['2.1.1']);
  });

  it('declare the parameters of each path', () => {
    for (const { path, operation } of described()) {
      const declared = operation.parameters.filter((parameter) => parameter.in === 'path');
      expect(declared.map(({ name }) => name)).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
      expect(declared.every(({ required }) => required)).toBe(true);
    }
  });

  it('have no reference that leads nowhere, no schema that nothing refers to, and schemas that compile', () => {
    for (const document of documents.values()) {
      const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, reference = '']) => reference);
      expect(references.length).toBeGreaterThan(40);
      const at = (reference: string) =>
        reference.split('/').reduce<unknown>((node, key) => (node as Record<string, unknown>)?.[key], document);
      expect(references.filter((reference) => at(reference) === undefined)).toEqual([]);
      const schemas = Object.keys(document.components.schemas);
      expect(schemas.filter((name) => !references.includes(`components/schemas/${name}`))).toEqual([]);
      for (const name of schemas)
        expect(() => mismatch({ $ref: `#/components/schemas/${name}`, components: document.components } as never, {})).not.toThrow();
      expect(JSON.stringify(document)).not.toContain('strictly');
    }
  });
});

describe('what partners are answered', () => {
  const promised = (name: string, path: string, status = '200') => {
    const document = documents.get(name);
    const schema = document?.paths[path]?.get?.responses[status]?.content?.['application/json']?.schema;
    if (!document || !schema) throw new Error(`${name} says nothing of ${path}`);
    return { ...schema, components: document.components } as never;
  };
  const read = async (reader: PlatformUnderTest, at: PlatformUnderTest, path: string) =>
    (await reader.readAt(at, path)) as { status_code: number; data?: unknown };

  beforeAll(async () => {
    await platforms.introduceEachOther();
    await eventually(() => platforms.chargem.tokensReceived.length > 0);
  }, 30_000);

  it.each([
    ['versions', '/versions'],
    ['2.3.0', '/2.3.0'],
    ['cpo/2.3.0/credentials', '/cpo/2.3.0/credentials'],
    ['cpo/2.3.0/locations', '/cpo/2.3.0/locations'],
    ['cpo/2.3.0/locations/LOC-7', '/cpo/2.3.0/locations/{id}'],
    ['cpo/2.3.0/locations/LOC-7/LOC-7-1', '/cpo/2.3.0/locations/{id}/{evse}'],
    ['cpo/2.3.0/locations/LOC-7/LOC-7-1/1', '/cpo/2.3.0/locations/{id}/{evse}/{connector}'],
    ['cpo/2.3.0/tariffs', '/cpo/2.3.0/tariffs'],
    ['cpo/2.3.0/sessions?date_from=2026-01-01T00:00:00Z', '/cpo/2.3.0/sessions'],
    ['cpo/2.3.0/cdrs', '/cpo/2.3.0/cdrs'],
    ['cpo/2.3.0/tokens/US/MOB/CARD1', '/cpo/2.3.0/tokens/{country}/{party}/{uid}'],
  ])('by a CPO at %s is what the document promises', async (asked, path) => {
    const answer = await read(platforms.mobility, platforms.chargem, asked);
    expect(answer).toMatchObject({ status_code: 1000, data: expect.anything() });
    const schema = promised('cpo 2.3.0', path);
    expect(mismatch(schema, answer)).toBeUndefined();
    // It promises more than that there is an answer.
    expect(mismatch(schema, { ...answer, data: 7 })).toBeDefined();
    expect(mismatch(schema, { ...answer, status_code: 2001 })).toBeDefined();
  });

  it('by an eMSP is, too: its tokens, and a location that was pushed or pulled', async () => {
    const location = 'emsp/2.3.0/locations/US/CHG/LOC-8';
    await eventually(async () => (await read(platforms.chargem, platforms.mobility, location)).status_code === 1000);
    const shown = await read(platforms.chargem, platforms.mobility, location);
    expect(mismatch(promised('emsp 2.3.0', '/emsp/2.3.0/locations/{country}/{party}/{id}'), shown)).toBeUndefined();
    const tokens = await read(platforms.chargem, platforms.mobility, 'emsp/2.3.0/tokens');
    expect([tokens.data, mismatch(promised('emsp 2.3.0', '/emsp/2.3.0/tokens'), tokens)]).toEqual([[expect.anything()], undefined]);
  });

  it('to a request that is refused is, too', async () => {
    const refusedIn200 = await read(platforms.mobility, platforms.chargem, 'cpo/2.3.0/sessions');
    expect(refusedIn200.status_code).toBe(2001);
    expect(mismatch(promised('cpo 2.3.0', '/cpo/2.3.0/sessions'), refusedIn200)).toBeUndefined();
    const unknown = await read(platforms.mobility, platforms.chargem, 'cpo/2.3.0/locations/LOC-9');
    const failure = { $ref: '#/components/schemas/failure', components: documents.get('cpo 2.3.0')?.components } as never;
    expect([unknown.status_code, mismatch(failure, unknown)]).toEqual([2003, undefined]);
  });
});
