// How the variables of a station compare with what a template wants of them. Pure.
import type { ConfigurationTemplate, DriftStatus, StationDrift, VariableDrift } from '@evenkeel/contracts';
import type { Document } from '../mirror/known';
import { variableKey } from '../mirror/variable-key';

type Wanted = ConfigurationTemplate['variables'][number];
/** What is known of one station: a document by its kind and key. */
export type Lookup = (kind: 'variable' | 'refused-setting', key: string) => Document | undefined;

interface Attribute {
  readonly type?: string;
  readonly value?: unknown;
  readonly afterReboot?: boolean;
}

const WORST_FIRST: readonly DriftStatus[] = ['refused', 'differing', 'unknown', 'in-step'];

export function driftOf(stationId: string, { variables }: Pick<ConfigurationTemplate, 'variables'>, known: Lookup): StationDrift {
  const compared = variables.map((wanted) => variableDrift(wanted, known));
  const status = WORST_FIRST.find((each) => compared.some((drift) => drift.status === each)) ?? 'in-step';
  return { stationId, status, variables: compared };
}

/** Under which keys a station may have a variable: OCPP 1.6 has no component for a key that OCPP 2.1 does not know. */
export function keysOf(wanted: Wanted): readonly [string, string] {
  return [keyOf(wanted), `OCPP16/${wanted.variable}`];
}

function variableDrift(wanted: Wanted, known: Lookup): VariableDrift {
  const [key, flatKey] = keysOf(wanted);
  const document = known('variable', key) ?? known('variable', flatKey);
  const attributes = (document?.variableAttribute as Attribute[] | undefined) ?? [];
  const actual = attributes.find(({ type = 'Actual' }) => type === 'Actual');
  const refused = known('refused-setting', key);
  const value = typeof actual?.value === 'string' ? actual.value : undefined;
  const told = { key, wanted: wanted.value, ...(value === undefined ? {} : { actual: value }) };
  if (value !== undefined && isSame(wanted.value, value, dataTypeOf(document))) {
    return { ...told, status: 'in-step', ...(actual?.afterReboot === true ? { afterReboot: true } : {}) };
  }
  if (refused?.value === wanted.value) return { ...told, status: 'refused' };
  return { ...told, status: value === undefined ? 'unknown' : 'differing' };
}

function keyOf({ component, componentInstance, variable, variableInstance, evseId, connectorId }: Wanted): string {
  return variableKey({
    component: {
      name: component,
      ...(componentInstance === undefined ? {} : { instance: componentInstance }),
      ...(evseId === undefined ? {} : { evse: { id: evseId, ...(connectorId === undefined ? {} : { connectorId }) } }),
    },
    variable: { name: variable, ...(variableInstance === undefined ? {} : { instance: variableInstance }) },
  });
}

function dataTypeOf(document: Document | undefined): string | undefined {
  return (document?.variableCharacteristics as { dataType?: string } | undefined)?.dataType;
}

const NUMBER = /^[+-]?\d+(\.\d+)?$/;
const BOOLEAN = /^(true|false)$/i;

/** Stations write the same value in more ways than one. The order of a MemberList means nothing (OCPP 2.1 DataEnumType). */
function isSame(wanted: string, actual: string, dataType: string | undefined): boolean {
  if (wanted === actual) return true;
  if (BOOLEAN.test(wanted) && BOOLEAN.test(actual)) return wanted.toLowerCase() === actual.toLowerCase();
  if (NUMBER.test(wanted) && NUMBER.test(actual) && dataType !== 'string') return Number(wanted) === Number(actual);
  if (!wanted.includes(',') && !actual.includes(',')) return false;
  const [ours, theirs] = [membersOf(wanted), membersOf(actual)];
  return dataType === 'MemberList' ? ours.sort().join() === theirs.sort().join() : ours.join() === theirs.join();
}

function membersOf(list: string): string[] {
  return list.split(',').map((member) => member.trim());
}
