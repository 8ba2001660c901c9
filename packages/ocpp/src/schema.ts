// One JSON schema an action and direction, compiled on first use, because a connection uses a handful of the 340 and compiling all of them
// takes a second.
//
// `matches` runs for every message and stops at the first violation; it does not look at date-time, which costs more than everything else
// and is read once, later, by readTimestamp. `explain` is for the rare refusal and for what we send ourselves: it checks everything.
import Ajv, { type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import * as schemas16 from 'typed-ocpp/dist/ocpp16/schemas.js';
import * as schemas201 from 'typed-ocpp/dist/ocpp20/schemas.js';
import * as schemas21 from 'typed-ocpp/dist/ocpp21/schemas.js';
import type { ErrorCode } from './error-codes';
import type { OcppVersion } from './version';

/** The part of JSON schema draft 6 that the OCPP schemas use. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
  readonly type?: 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean';
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly enum?: readonly string[];
  readonly format?: string;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

export interface Violation {
  readonly code: ErrorCode;
  /** Where and what, without the offending value. */
  readonly description: string;
}

const AJV_OPTIONS = {
  strict: false,
  validateSchema: false,
  // 16.1 / 0.1 is 161.00000000000003 in binary: a charging limit is a multiple of 0.1 within this many decimals.
  multipleOfPrecision: 6,
};
const hotPath = addFormats(new Ajv({ ...AJV_OPTIONS, formats: { 'date-time': true } }), ['uri']);
const thorough = addFormats(new Ajv({ ...AJV_OPTIONS, allErrors: true }), ['uri', 'date-time']);

/** The codes in the order in which they are reported when a payload breaks several rules, with the schema keywords behind each. */
const CODES_BY_KEYWORD: ReadonlyArray<readonly [ErrorCode, ReadonlySet<string>]> = [
  ['OccurrenceConstraintViolation', new Set(['required', 'minItems', 'maxItems'])],
  ['TypeConstraintViolation', new Set(['type'])],
  [
    'PropertyConstraintViolation',
    new Set(['enum', 'const', 'maxLength', 'minLength', 'format', 'minimum', 'maximum', 'multipleOf', 'pattern']),
  ],
  ['FormatViolation', new Set(['additionalProperties'])],
];

export class MessageSchema {
  private compiled: ValidateFunction | undefined;
  private compiledThorough: ValidateFunction | undefined;

  constructor(readonly source: JsonSchema) {}

  matches(payload: unknown): boolean {
    this.compiled ??= hotPath.compile(this.source);
    return this.compiled(payload);
  }

  /** The gravest violation, dates included, or undefined for a payload without any. */
  explain(payload: unknown): Violation | undefined {
    this.compiledThorough ??= thorough.compile(this.source);
    if (this.compiledThorough(payload)) return undefined;
    const errors = this.compiledThorough.errors ?? [];
    for (const [code, keywords] of CODES_BY_KEYWORD) {
      const error = errors.find((candidate) => keywords.has(candidate.keyword));
      if (error !== undefined) return { code, description: describe(error) };
    }
    return { code: 'GenericError', description: 'The payload does not fit its schema.' };
  }
}

/** The published set names the one unanswered message of OCPP 2.1 without the suffix that all others have. */
const UNSUFFIXED_REQUEST = 'NotifyPeriodicEventStream';

type SchemaTable = ReadonlyMap<string, MessageSchema>;

const TABLES: Readonly<Record<OcppVersion, SchemaTable>> = {
  '1.6': tableOf(schemas16),
  '2.0.1': tableOf(schemas201),
  '2.1': tableOf(schemas21),
};

/** The schema of a request, or undefined when the version has no such action. */
export function requestSchema(version: OcppVersion, action: string): MessageSchema | undefined {
  return TABLES[version].get(`${action}Request`);
}

/** The schema of a response, or undefined when the version has no such action or the action is never answered. */
export function responseSchema(version: OcppVersion, action: string): MessageSchema | undefined {
  return TABLES[version].get(`${action}Response`);
}

/** Every action of the version, of either direction, in the order of their names. */
export function actionsWithSchema(version: OcppVersion): string[] {
  const names = [...TABLES[version].keys()].filter((name) => name.endsWith('Request'));
  return names.map((name) => name.slice(0, -'Request'.length)).sort();
}

function tableOf(schemas: Readonly<Record<string, JsonSchema>>): SchemaTable {
  const table = new Map<string, MessageSchema>();
  for (const [name, schema] of Object.entries(schemas)) {
    if (name === UNSUFFIXED_REQUEST) table.set(`${name}Request`, new MessageSchema(schema));
    else if (name.endsWith('Request') || name.endsWith('Response')) table.set(name, new MessageSchema(schema));
  }
  return table;
}

function describe(error: ErrorObject): string {
  // An extra property is named by its sender, so its name is not repeated; a missing one is named by the schema.
  return `${error.instancePath === '' ? 'The payload' : error.instancePath.slice(0, 150)} ${error.message ?? error.keyword}.`;
}
