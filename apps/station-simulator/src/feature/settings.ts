// What can be configured at a station: OCPP 1.6 configuration keys and the variables of the OCPP 2.x device model. The definitions are
// shared by all stations of a kind; a station keeps only what differs from them. Names are compared case-insensitively.

export type SettingKind = 'string' | 'integer' | 'decimal' | 'boolean' | 'OptionList' | 'MemberList' | 'SequenceList' | 'dateTime';

export interface SettingDefinition {
  /** A key of OCPP 1.6, or `component/variable` as `variableName` of OCPP 2.x spells it. */
  readonly name: string;
  readonly value: string;
  /** ReadWrite when absent. */
  readonly mutability?: 'ReadOnly' | 'WriteOnly';
  readonly kind?: SettingKind;
  /** A change takes effect at the next boot. */
  readonly rebootRequired?: boolean;
  readonly least?: number;
  readonly most?: number;
  /** The legal values of a list. */
  readonly allowed?: readonly string[];
  readonly unit?: string;
}

export type SettingChange = 'Accepted' | 'RebootRequired' | 'Rejected' | 'ReadOnly' | 'Unknown';

type Listener = (name: string, value: string, previous: string) => void;

const LONGEST_VALUE = 2_500;

export class Settings {
  private readonly changed = new Map<string, string>();
  private readonly atNextBoot = new Map<string, string>();
  private readonly listeners: Listener[] = [];

  constructor(private readonly definitions: ReadonlyMap<string, SettingDefinition>) {}

  definitionOf(name: string): SettingDefinition | undefined {
    return this.definitions.get(name.toLowerCase());
  }

  all(): IterableIterator<SettingDefinition> {
    return this.definitions.values();
  }

  /** The value as the station itself knows it: write-only ones too. */
  get(name: string): string | undefined {
    const key = name.toLowerCase();
    return this.changed.get(key) ?? this.definitions.get(key)?.value;
  }

  number(name: string, otherwise: number): number {
    const value = Number(this.get(name));
    return Number.isFinite(value) ? value : otherwise;
  }

  boolean(name: string): boolean {
    return this.get(name)?.toLowerCase() === 'true';
  }

  /** Whether somebody has changed it from its default. */
  isChanged(name: string): boolean {
    return this.changed.has(name.toLowerCase());
  }

  /** A change that the back end asks for. */
  set(name: string, value: string): SettingChange {
    const definition = this.definitionOf(name);
    if (definition === undefined) return 'Unknown';
    if (definition.mutability === 'ReadOnly') return 'ReadOnly';
    if (!isLegal(definition, value)) return 'Rejected';
    if (definition.rebootRequired) {
      this.atNextBoot.set(name.toLowerCase(), value);
      return 'RebootRequired';
    }
    this.measure(name, value);
    return 'Accepted';
  }

  /** A change that the station itself makes or measures. */
  measure(name: string, value: string): void {
    const previous = this.get(name) ?? '';
    this.changed.set(name.toLowerCase(), value);
    if (previous !== value) for (const listener of this.listeners) listener(name, value, previous);
  }

  onChange(listener: Listener): void {
    this.listeners.push(listener);
  }

  /** The station boots: what waited for it takes effect. */
  applyAtBoot(): void {
    for (const [name, value] of this.atNextBoot) this.measure(name, value);
    this.atNextBoot.clear();
  }
}

export function definitionsByName(definitions: readonly SettingDefinition[]): ReadonlyMap<string, SettingDefinition> {
  return new Map(definitions.map((definition) => [definition.name.toLowerCase(), definition]));
}

function isLegal({ kind = 'string', least, most, allowed }: SettingDefinition, value: string): boolean {
  switch (kind) {
    case 'integer':
    case 'decimal': {
      const number = Number(value);
      const isNumber = value.trim() !== '' && (kind === 'integer' ? Number.isInteger(number) : Number.isFinite(number));
      return isNumber && number >= (least ?? 0) && number <= (most ?? Number.MAX_SAFE_INTEGER);
    }
    case 'boolean':
      return /^(true|false)$/i.test(value);
    case 'OptionList':
      return allowed === undefined || allowed.includes(value);
    case 'MemberList':
    case 'SequenceList':
      return allowed === undefined || value === '' || value.split(',').every((item) => allowed.includes(item.trim()));
    case 'dateTime':
      return Number.isFinite(Date.parse(value));
    default:
      return value.length >= (least ?? 0) && value.length <= (most ?? LONGEST_VALUE);
  }
}
