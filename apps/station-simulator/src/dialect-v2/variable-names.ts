// One text for a variable of the device model: `Component#instance@evse.connector/Variable#instance`, so that settings can be looked up.

export interface ComponentName {
  readonly name: string;
  readonly instance?: string;
  readonly evse?: { readonly id: number; readonly connectorId?: number };
}

export interface VariableName {
  readonly name: string;
  readonly instance?: string;
}

export function componentText({ name, instance, evse }: ComponentName): string {
  const place = evse === undefined ? '' : `@${evse.id}${evse.connectorId === undefined ? '' : `.${evse.connectorId}`}`;
  return `${withInstance(name, instance)}${place}`;
}

export function variableText(component: ComponentName, variable: VariableName): string {
  return `${componentText(component)}/${withInstance(variable.name, variable.instance)}`;
}

/** The inverse of `variableText`. */
export function readVariableText(text: string): { readonly component: ComponentName; readonly variable: VariableName } {
  const [componentPart = '', variablePart = ''] = text.split('/');
  const [name = '', place] = componentPart.split('@');
  const [evseId, connectorId] = (place ?? '').split('.');
  const evse = { id: Number(evseId), ...(connectorId === undefined ? {} : { connectorId: Number(connectorId) }) };
  return { component: { ...named(name), ...(place === undefined ? {} : { evse }) }, variable: named(variablePart) };
}

function withInstance(name: string, instance: string | undefined): string {
  return instance === undefined ? name : `${name}#${instance}`;
}

function named(text: string): VariableName {
  const [name = '', instance] = text.split('#');
  return instance === undefined ? { name } : { name, instance };
}
