// One reading in base units. What the wire leaves out is filled in by the rules of OCPP 1.6 section 7.43 and OCPP 2.0.1 SampledValueType.
import type { MeterSample } from '@evenkeel/contracts';
import { decimalText } from './decimal-text';
import type { FactOrigin } from './fact-origin';

export interface WireReading {
  readonly value: string | number;
  readonly measurand?: string;
  readonly context?: string;
  readonly phase?: string;
  readonly location?: string;
  readonly unit?: string;
  /** OCPP 2.x: the value is multiplied by ten to this power. */
  readonly multiplier?: number;
  readonly signed?: Record<string, string>;
}

export const DEFAULT_MEASURAND = 'Energy.Active.Import.Register';

/** Units that are ten to a power of a base unit, and the misspelling that OCPP 1.6 made a literal. */
const BASE_UNITS: ReadonlyMap<string, { readonly unit: string; readonly exponent: number }> = new Map([
  ['kWh', { unit: 'Wh', exponent: 3 }],
  ['kvarh', { unit: 'varh', exponent: 3 }],
  ['kVAh', { unit: 'VAh', exponent: 3 }],
  ['kW', { unit: 'W', exponent: 3 }],
  ['kvar', { unit: 'var', exponent: 3 }],
  ['kVA', { unit: 'VA', exponent: 3 }],
  ['Celcius', { unit: 'Celsius', exponent: 0 }],
]);

const LONGEST_UNIT = 20;

/** @returns undefined, with a deviation noted, when the value is no number. */
export function meterSample(at: string, reading: WireReading, origin: FactOrigin): MeterSample | undefined {
  const measurand = reading.measurand ?? DEFAULT_MEASURAND;
  const wireUnit = reading.unit ?? defaultUnit(measurand);
  const base = BASE_UNITS.get(wireUnit);
  const value = decimalText(reading.value, (base?.exponent ?? 0) + (reading.multiplier ?? 0));
  if (value === undefined) {
    origin.deviations.push('unreadableReading');
    return undefined;
  }
  const { context, phase, location, signed } = reading;
  return { at, measurand, value, unit: base?.unit ?? wireUnit.slice(0, LONGEST_UNIT), context, phase, location, signed };
}

/** Wh is the declared default for energy; for the rest the measurand leaves no doubt. */
function defaultUnit(measurand: string): string {
  if (measurand.startsWith('Energy.Reactive')) return 'varh';
  if (measurand.startsWith('Energy')) return 'Wh';
  if (measurand.startsWith('Power.Reactive')) return 'var';
  if (measurand === 'Power.Factor') return '';
  if (measurand.startsWith('Power')) return 'W';
  if (measurand.startsWith('Current')) return 'A';
  return UNIT_OF_MEASURAND.get(measurand) ?? '';
}

const UNIT_OF_MEASURAND: ReadonlyMap<string, string> = new Map([
  ['Voltage', 'V'],
  ['SoC', 'Percent'],
  ['Temperature', 'Celsius'],
  ['Frequency', 'Hertz'],
  ['RPM', 'RPM'],
]);
