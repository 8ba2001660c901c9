// The device model over the wire: GetVariables, SetVariables and the reports (OCPP 2.0.1 B05 to B08).
import type { Request, Response } from '@evenkeel/ocpp';
import type { SettingChange, SettingDefinition } from '../feature/settings';
import type { StationHost } from '../station/host';
import { type Handlers2, inParts } from './handlers';
import { type ComponentName, componentText, readVariableText, variableText } from './variable-names';

type SetStatus = Response<'2.1', 'SetVariables'>['setVariableResult'][number]['attributeStatus'];
type ReportData = NonNullable<Request<'2.0.1', 'NotifyReport'>['reportData']>[number];

const STATUSES: Readonly<Record<SettingChange, SetStatus>> = {
  Accepted: 'Accepted',
  RebootRequired: 'RebootRequired',
  Rejected: 'Rejected',
  ReadOnly: 'Rejected',
  Unknown: 'UnknownVariable',
};
const PASSWORD = 'SecurityCtrlr/BasicAuthPassword';
const ITEMS_PER_REPORT = 25;

export function deviceModelCommands(host: StationHost) {
  const { settings } = host;
  const tooMany = (items: number, action: string) => items > settings.number(`DeviceDataCtrlr/ItemsPerMessage#${action}`, items);
  const report = (requestId: number, definitions: readonly SettingDefinition[]) => {
    const status = definitions.length === 0 ? ('EmptyResultSet' as const) : ('Accepted' as const);
    return { answer: { status }, ...(status === 'Accepted' ? { afterwards: () => sendReport(host, requestId, definitions) } : {}) };
  };
  return {
    GetVariables({ getVariableData }) {
      if (tooMany(getVariableData.length, 'GetVariables')) return { errorCode: 'OccurrenceConstraintViolation' };
      return { answer: { getVariableResult: getVariableData.map((asked) => ({ ...asked, ...actualValue(host, asked) })) } };
    },
    SetVariables({ setVariableData }) {
      if (tooMany(setVariableData.length, 'SetVariables')) return { errorCode: 'OccurrenceConstraintViolation' };
      const setVariableResult = setVariableData.map(({ attributeValue, ...asked }) => {
        return { ...asked, attributeStatus: change(host, asked, attributeValue) };
      });
      const isPassword = setVariableResult.findIndex((result) => {
        return result.attributeStatus === 'Accepted' && variableText(result.component, result.variable) === PASSWORD;
      });
      const password = setVariableData[isPassword]?.attributeValue;
      // OCPP 2.0.1 A01.FR.10: the station comes back with the new password.
      return { answer: { setVariableResult }, ...(password === undefined ? {} : { afterwards: () => host.changePassword(password) }) };
    },
    GetBaseReport({ requestId, reportBase }) {
      return report(
        requestId,
        [...settings.all()].filter((definition) => belongsTo(reportBase, definition)),
      );
    },
    GetReport({ requestId, componentVariable = [], componentCriteria = [] }) {
      if (tooMany(componentVariable.length, 'GetReport')) return { errorCode: 'OccurrenceConstraintViolation' };
      const asked = [...settings.all()].filter((definition) => {
        const isNamed = componentVariable.length === 0 || componentVariable.some((wanted) => isMeant(definition, wanted));
        return isNamed && meetsCriteria(host, definition, componentCriteria);
      });
      return report(requestId, asked);
    },
  } satisfies Handlers2;
}

type Asked = Request<'2.1', 'GetVariables'>['getVariableData'][number];

function actualValue(host: StationHost, { component, variable, attributeType = 'Actual' }: Asked) {
  const name = variableText(component, variable);
  const definition = host.settings.definitionOf(name);
  if (definition === undefined) return { attributeStatus: unknown(host, component) };
  if (attributeType !== 'Actual') return { attributeStatus: 'NotSupportedAttributeType' as const };
  // OCPP 2.0.1 B06.FR.09: a write-only variable is not told.
  if (definition.mutability === 'WriteOnly') return { attributeStatus: 'Rejected' as const };
  return { attributeStatus: 'Accepted' as const, attributeValue: readingOf(host, definition) };
}

function change(host: StationHost, { component, variable, attributeType = 'Actual' }: Asked, value: string): SetStatus {
  const name = variableText(component, variable);
  if (host.settings.definitionOf(name) === undefined) return unknown(host, component);
  return attributeType === 'Actual' ? STATUSES[host.settings.set(name, value)] : 'NotSupportedAttributeType';
}

function unknown(host: StationHost, component: ComponentName): 'UnknownComponent' | 'UnknownVariable' {
  const prefix = `${componentText(component)}/`.toLowerCase();
  const isKnown = [...host.settings.all()].some(({ name }) => name.toLowerCase().startsWith(prefix));
  return isKnown ? 'UnknownVariable' : 'UnknownComponent';
}

function readingOf(host: StationHost, { name }: SettingDefinition): string {
  return name === 'ClockCtrlr/DateTime' ? host.timestamp() : (host.settings.get(name) ?? '');
}

function belongsTo(base: Request<'2.1', 'GetBaseReport'>['reportBase'], { name, mutability }: SettingDefinition): boolean {
  if (base === 'FullInventory') return true;
  return base === 'ConfigurationInventory' ? mutability !== 'ReadOnly' : /\/(AvailabilityState|Problem)$/.test(name);
}

function isMeant(
  { name }: SettingDefinition,
  wanted: { component: ComponentName; variable?: { name: string; instance?: string } },
): boolean {
  const { component, variable } = readVariableText(name);
  const fits = (asked: unknown, actual: unknown) => asked === undefined || String(asked).toLowerCase() === String(actual).toLowerCase();
  return (
    fits(wanted.component.name, component.name) &&
    fits(wanted.component.instance, component.instance) &&
    fits(wanted.component.evse?.id, component.evse?.id) &&
    fits(wanted.component.evse?.connectorId, component.evse?.connectorId) &&
    fits(wanted.variable?.name, variable.name) &&
    fits(wanted.variable?.instance, variable.instance)
  );
}

/** OCPP 2.0.1 B08.FR.07: a component meets a criterion when its variable of that name is true, or absent; Problem has to be there. */
function meetsCriteria(host: StationHost, { name }: SettingDefinition, criteria: readonly string[]): boolean {
  if (criteria.length === 0) return true;
  const component = componentText(readVariableText(name).component);
  return criteria.some((criterion) => (host.settings.get(`${component}/${criterion}`) ?? String(criterion !== 'Problem')) === 'true');
}

function sendReport(host: StationHost, requestId: number, definitions: readonly SettingDefinition[]): void {
  const parts = inParts(definitions, ITEMS_PER_REPORT);
  for (const [seqNo, part] of parts.entries()) {
    const payload: Request<'2.0.1', 'NotifyReport'> = {
      requestId,
      generatedAt: host.timestamp(),
      seqNo,
      tbc: seqNo < parts.length - 1,
      reportData: part.map((definition) => reportOf(host, definition)),
    };
    host.say('NotifyReport', payload);
  }
}

function reportOf(host: StationHost, definition: SettingDefinition): ReportData {
  const { name, mutability = 'ReadWrite', kind = 'string', unit, least, most, allowed } = definition;
  const value = mutability === 'WriteOnly' ? {} : { value: readingOf(host, definition) };
  const isNumber = kind === 'integer' || kind === 'decimal';
  return {
    ...readVariableText(name),
    variableAttribute: [{ type: 'Actual', ...value, mutability, persistent: mutability !== 'ReadOnly' }],
    variableCharacteristics: {
      dataType: kind,
      supportsMonitoring: true,
      ...(unit === undefined ? {} : { unit }),
      ...(isNumber && least !== undefined ? { minLimit: least } : {}),
      ...(most === undefined ? {} : { maxLimit: most }),
      ...(allowed === undefined ? {} : { valuesList: allowed.join(',') }),
    },
  };
}
