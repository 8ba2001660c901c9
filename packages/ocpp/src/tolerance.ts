// Reads a payload that breaks its schema as far as it can be read, so that a station with sloppy firmware still gets its sessions recorded.
// Runs only after strict validation failed. It walks the schema and the payload together and returns a new payload plus a list of what it
// had to overlook; the frame itself is kept elsewhere.
//
// The one principle: what cannot be read is left out where the schema allows it to be absent, and condemns what contains it otherwise. Where
// leaving something out would change what a reading means (its unit, its phase), the whole reading goes instead.
import type { ErrorCode } from './error-codes';
import { isJsonObject, type JsonObject } from './frame';
import type { JsonSchema } from './schema';

export type DeviationCode =
  | 'extraProperty'
  | 'emptyOptional'
  | 'emptyList'
  | 'tooLong'
  | 'unknownLiteral'
  | 'numericText'
  | 'numberForText'
  | 'decimalForInteger'
  | 'missingRequired'
  | 'unreadablePart';

export interface Deviation {
  readonly code: DeviationCode;
  /** Where in the payload, as `meterValue/0/timestamp`. */
  readonly path: string;
}

/** A value that cannot be used, with the code to refuse it with if nothing around it can do without. */
export class Unreadable {
  constructor(
    readonly code: ErrorCode,
    readonly path: string,
    readonly problem: string,
  ) {}
}

export interface Tolerated {
  readonly payload: JsonObject | Unreadable;
  readonly deviations: readonly Deviation[];
}

/** Properties that say what a number is. A reading without its unit or phase would be a different, wrong reading. */
const QUALIFIES_READING: ReadonlySet<string> = new Set(['measurand', 'phase', 'location', 'unit', 'unitOfMeasure', 'multiplier', 'format']);

/** Registers that some meters report with decimals although OCPP 1.6 declares whole Wh. */
const DECIMAL_REGISTERS: ReadonlySet<string> = new Set(['meterStart', 'meterStop']);

/** A transaction is recorded without knowing what triggered the event; it is not without its id, number and time. */
const WAIVED: Readonly<Record<string, ReadonlySet<string>>> = { TransactionEvent: new Set(['triggerReason']) };
const NONE_WAIVED: ReadonlySet<string> = new Set();

const DECIMAL_NUMBER = /^[+-]?\d+(\.\d+)?$/;
const MAX_DEVIATIONS = 50;

export function tolerate(schema: JsonSchema, action: string, payload: unknown): Tolerated {
  if (!isJsonObject(payload)) return { payload: wrongType('', 'an object'), deviations: [] };
  const walk = new SchemaWalk(schema.definitions ?? {});
  const read = walk.readObject(schema, payload, '', WAIVED[action] ?? NONE_WAIVED);
  return { payload: read, deviations: walk.deviations };
}

class SchemaWalk {
  readonly deviations: Deviation[] = [];

  constructor(private readonly definitions: Readonly<Record<string, JsonSchema>>) {}

  readObject(schema: JsonSchema, value: JsonObject, path: string, waived = NONE_WAIVED): JsonObject | Unreadable {
    const properties = schema.properties ?? {};
    const required = new Set(schema.required?.filter((name) => !waived.has(name)));
    // Where a schema allows anything besides what it lists (customData), the rest is kept.
    const result: Record<string, unknown> = schema.additionalProperties === false ? {} : { ...value };
    for (const [name, child] of Object.entries(value)) {
      const childPath = path === '' ? name : `${path}/${name}`;
      const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
      if (property === undefined) {
        if (schema.additionalProperties === false) this.flag('extraProperty', childPath);
        continue;
      }
      const read = this.readProperty(property, child, childPath, name, required.has(name));
      if (read instanceof Unreadable) return read;
      if (read === undefined) delete result[name];
      else result[name] = read;
    }
    for (const name of required) {
      if (!Object.hasOwn(result, name)) return new Unreadable('OccurrenceConstraintViolation', path, `lacks the required ${name}`);
    }
    for (const name of waived) {
      if (!Object.hasOwn(result, name)) this.flag('missingRequired', name);
    }
    return result;
  }

  /** The property's value, undefined when it is to be left out, or Unreadable when the object cannot do without it. */
  private readProperty(schema: JsonSchema, value: unknown, path: string, name: string, required: boolean): unknown {
    if (!required && (value === null || value === '')) {
      this.flag('emptyOptional', path);
      return undefined;
    }
    const read = this.readValue(schema, value, path, name);
    if (!(read instanceof Unreadable) || required || QUALIFIES_READING.has(name)) return read;
    this.flag('unreadablePart', path);
    return undefined;
  }

  private readValue(reference: JsonSchema, value: unknown, path: string, name: string): unknown {
    const schema = this.resolve(reference);
    switch (schema.type) {
      case 'object':
        return isJsonObject(value) ? this.readObject(schema, value, path) : wrongType(path, 'an object');
      case 'array':
        return Array.isArray(value) ? this.readList(schema, value, path, name) : wrongType(path, 'a list');
      case 'string':
        return this.readText(schema, value, path);
      case 'number':
      case 'integer':
        return this.readNumber(schema, value, path, name);
      case 'boolean':
        return typeof value === 'boolean' ? value : wrongType(path, 'a boolean');
      default:
        return value;
    }
  }

  private readList(schema: JsonSchema, values: readonly unknown[], path: string, name: string): unknown[] {
    if (values.length === 0) this.flag('emptyList', path);
    const items = schema.items;
    if (items === undefined) return [...values];
    const result: unknown[] = [];
    values.forEach((value, index) => {
      const read = this.readValue(items, value, `${path}/${index}`, name);
      if (read instanceof Unreadable) this.flag('unreadablePart', `${path}/${index}`);
      else result.push(read);
    });
    return result;
  }

  private readText(schema: JsonSchema, value: unknown, path: string): string | Unreadable {
    if (typeof value === 'number') this.flag('numberForText', path);
    else if (typeof value !== 'string') return wrongType(path, 'a string');
    const text = String(value);
    if (schema.enum !== undefined && !schema.enum.includes(text)) {
      const other = schema.enum.find((literal) => literal === 'Other' || literal === 'OtherError');
      if (other === undefined) return new Unreadable('PropertyConstraintViolation', path, 'is none of the allowed values');
      this.flag('unknownLiteral', path);
      return other;
    }
    if (schema.maxLength !== undefined && text.length > schema.maxLength) this.flag('tooLong', path);
    return text;
  }

  private readNumber(schema: JsonSchema, value: unknown, path: string, name: string): number | Unreadable {
    const isNumericText = typeof value === 'string' && DECIMAL_NUMBER.test(value.trim());
    if (isNumericText) this.flag('numericText', path);
    else if (typeof value !== 'number') return wrongType(path, 'a number');
    const number = Number(value);
    if (schema.type === 'integer' && !Number.isInteger(number)) {
      if (!DECIMAL_REGISTERS.has(name)) return wrongType(path, 'an integer');
      this.flag('decimalForInteger', path);
    }
    if (number < (schema.minimum ?? Number.NEGATIVE_INFINITY) || number > (schema.maximum ?? Number.POSITIVE_INFINITY)) {
      return new Unreadable('PropertyConstraintViolation', path, 'is out of range');
    }
    return number;
  }

  private resolve(schema: JsonSchema): JsonSchema {
    const name = schema.$ref?.replace('#/definitions/', '');
    return name === undefined ? schema : (this.definitions[name] ?? schema);
  }

  private flag(code: DeviationCode, path: string): void {
    if (this.deviations.length < MAX_DEVIATIONS) this.deviations.push({ code, path: path.slice(0, 200) });
  }
}

function wrongType(path: string, wanted: string): Unreadable {
  return new Unreadable('TypeConstraintViolation', path, `is not ${wanted}`);
}
