// A service's settings: a schema over the environment; an object is written as JSON. A bad value stops the start with one line that names the variable, never a secret.
import { mismatch } from '@evenkeel/contracts';
import { type Static, type TObject, type TSchema, Type } from '@sinclair/typebox';

/** What every service needs. */
export const commonSettings = {
  /** Where it listens: the loopback interface unless told otherwise. */
  HOST: Type.String({ default: '127.0.0.1' }),
  /** Health and metrics; 0 takes a free port and the log says which. */
  HEALTH_PORT: Type.Integer({ default: 0, minimum: 0, maximum: 65535 }),
  LOG_LEVEL: Type.Union(
    [
      Type.Literal('trace'),
      Type.Literal('debug'),
      Type.Literal('info'),
      Type.Literal('warn'),
      Type.Literal('error'),
      Type.Literal('silent'),
    ],
    { default: 'info' },
  ),
  NATS_URL: Type.String({ pattern: '^nats://', description: 'nats://user:password@host:port' }),
};
export const eventStoreSettings = { EVENTSTORE_URL: Type.String({ pattern: '^esdb(\\+discover)?://' }) };
/** Of a service that vouches for its streams. */
export const sealSettings = {
  /** Private Ed25519 key (RFC 8032): 32 random bytes in hexadecimal digits, for example of `openssl rand -hex 32`. */
  SEAL_PRIVATE_KEY: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  /** How often what was stored is sealed. */
  SEAL_EVERY_MS: Type.Integer({ default: 60_000, minimum: 100 }),
};
export const databaseSettings = {
  DATABASE_URL: Type.String({ pattern: '^postgres(ql)?://' }),
  /** For how long tables of projections that do not serve any more are kept: within it a roll back finds them. */
  PROJECTION_GRACE_SECONDS: Type.Integer({ default: 3_600, minimum: 1 }),
};
/** Of the services that turn card numbers into references (`IdentityHash`), and of no other; the same in all of them. */
export const identitySettings = { IDENTITY_SECRET: Type.String({ pattern: '^([0-9a-f]{2}){32,}$' }) };

export class BadSettings extends Error {
  override readonly name = 'BadSettings';
}

/** @throws BadSettings naming each variable that is missing or does not fit. */
export function readSettings<S extends TObject>(schema: S, environment: NodeJS.ProcessEnv): Static<S> {
  const values: Record<string, unknown> = {};
  const complaints: string[] = [];
  for (const [name, property] of Object.entries(schema.properties as Record<string, TSchema>)) {
    const raw = environment[name];
    const value = raw === undefined || raw === '' ? property.default : converted(property, raw);
    if (value === undefined) {
      if (!isOptional(schema, name)) complaints.push(`${name} is not set`);
      continue;
    }
    const wrong = mismatch(property, value);
    if (wrong !== undefined)
      complaints.push(`${name} ${wrong.replace(/^the value /, '').replace('must be object', 'must be a JSON object')}`);
    values[name] = value;
  }
  if (complaints.length > 0) throw new BadSettings(complaints.join('; '));
  return values as Static<S>;
}

function converted(property: TSchema, raw: string): unknown {
  if (property.type === 'integer' || property.type === 'number')
    return raw.trim() === '' ? raw : Number.isNaN(Number(raw)) ? raw : Number(raw);
  if (property.type === 'boolean') return raw === 'true' ? true : raw === 'false' ? false : raw;
  if (property.type === 'object') return parsed(raw);
  return raw;
}

/** @returns the text itself where it is no JSON: it is an object to no schema. */
function parsed(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch (error) {
    if (error instanceof SyntaxError) return raw;
    throw error;
  }
}

function isOptional(schema: TObject, name: string): boolean {
  return !(schema.required ?? []).includes(name);
}
