// One compiled validator a schema, shared by every service that reads the flow.
import type { Static, TSchema } from '@sinclair/typebox';
import Ajv, { type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

const ajv = new Ajv({ allErrors: false, strict: false });
addFormats(ajv, ['uuid', 'date-time']);
ajv.addFormat('time-zone', { type: 'string', validate: isTimeZone });
const compiled = new WeakMap<TSchema, ValidateFunction>();

/** Whether the runtime's IANA data knows it. */
function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** @returns undefined when the value fits, else one line: where it does not fit and why. */
export function mismatch(schema: TSchema, value: unknown): string | undefined {
  const validate = validatorOf(schema);
  if (validate(value)) return undefined;
  const error = validate.errors?.[0];
  const place = error?.instancePath === undefined || error.instancePath === '' ? 'the value' : error.instancePath;
  const extra = error?.keyword === 'additionalProperties' ? `: ${String(error.params.additionalProperty)}` : '';
  return `${place} ${error?.message ?? 'is not valid'}${extra}`;
}

/** Narrows by the schema. */
export function fits<S extends TSchema>(schema: S, value: unknown): value is Static<S> {
  return validatorOf(schema)(value);
}

function validatorOf(schema: TSchema): ValidateFunction {
  let validate = compiled.get(schema);
  if (!validate) {
    validate = ajv.compile(schema);
    compiled.set(schema, validate);
  }
  return validate;
}
