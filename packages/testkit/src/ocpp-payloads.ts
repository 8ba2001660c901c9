// Payloads made from the schemas of OCPP: the smallest valid one of an action, one with every field, and what breaks them. Seeded where there
// is a choice, so that a failure can be seen again.
import { type JsonSchema, type OcppVersion, requestSchema, responseSchema } from '@evenkeel/ocpp';
import { Chance } from './chance';

export type MessageDirection = 'request' | 'response';
export type Payload = Record<string, unknown>;

/** @param fullness 0 leaves every optional field out, 1 has them all. @throws for an action that the version does not have. */
export function validPayload(
  version: OcppVersion,
  action: string,
  direction: MessageDirection = 'request',
  { seed = 1, fullness = 0 }: { readonly seed?: number; readonly fullness?: number } = {},
): Payload {
  const schema = schemaOf(version, action, direction);
  return new Maker(schema.definitions ?? {}, new Chance(seed), fullness).object(schema, 0);
}

export interface BrokenPayload {
  readonly payload: Payload;
  /** The field that was broken, and the code by which it is refused, in the spelling of OCPP 2.x. */
  readonly field: string;
  readonly code: 'OccurrenceConstraintViolation' | 'TypeConstraintViolation';
}

/** Each required field left out, and each field of the first level with a value of another type; none for an action without fields. */
export function brokenPayloads(version: OcppVersion, action: string, direction: MessageDirection = 'request'): BrokenPayload[] {
  const schema = schemaOf(version, action, direction);
  const valid = validPayload(version, action, direction, { fullness: 1 });
  const lacking = (schema.required ?? []).map((field): BrokenPayload => {
    const { [field]: _left, ...payload } = valid;
    return { payload, field, code: 'OccurrenceConstraintViolation' };
  });
  const mistyped = Object.entries(schema.properties ?? {})
    // What has no type may be anything.
    .filter(([field, { type, $ref }]) => (type ?? $ref) !== undefined && ['string', 'number'].includes(typeof valid[field]))
    .map(([field]): BrokenPayload => ({ payload: { ...valid, [field]: { is: 'no value' } }, field, code: 'TypeConstraintViolation' }));
  return [...lacking, ...mistyped];
}

function schemaOf(version: OcppVersion, action: string, direction: MessageDirection): JsonSchema {
  const schema = direction === 'request' ? requestSchema(version, action) : responseSchema(version, action);
  if (schema === undefined) throw new Error(`OCPP ${version} has no ${direction} of ${action}`);
  return schema.source;
}

/** Deeper objects have their required fields only: some schemas contain themselves. */
const DEEPEST = 6;

class Maker {
  constructor(
    private readonly definitions: Readonly<Record<string, JsonSchema>>,
    private readonly chance: Chance,
    private readonly fullness: number,
  ) {}

  object({ properties = {}, required = [] }: JsonSchema, depth: number): Payload {
    const wanted = Object.entries(properties).filter(
      ([name]) => required.includes(name) || (name !== 'customData' && depth < DEEPEST && this.chance.next() < this.fullness),
    );
    return Object.fromEntries(wanted.map(([name, schema]) => [name, this.value(schema, depth + 1)]));
  }

  private value(reference: JsonSchema, depth: number): unknown {
    const name = reference.$ref?.replace('#/definitions/', '');
    const schema = name === undefined ? reference : (this.definitions[name] ?? reference);
    switch (schema.type) {
      case 'object':
        return this.object(schema, depth);
      case 'array':
        return Array.from({ length: Math.max(schema.minItems ?? 0, 1) }, () => this.value(schema.items ?? {}, depth + 1));
      case 'string':
        return this.text(schema);
      case 'integer':
      case 'number':
        return Math.min(Math.max(1, schema.minimum ?? 1), schema.maximum ?? 1);
      case 'boolean':
        return this.chance.next() < 0.5;
      default:
        return 'any';
    }
  }

  private text({ enum: literals, format, maxLength }: JsonSchema): string {
    if (literals !== undefined) return literals[Math.floor(this.chance.next() * literals.length)] as string;
    if (format === 'date-time') return '2026-03-01T10:00:00.000Z';
    if (format === 'uri') return 'https://example.com/x';
    return 'text'.slice(0, maxLength);
  }
}
