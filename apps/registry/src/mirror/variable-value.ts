// The value of a variable among a station's documents.
import type { Document } from './known';

/** The Actual attribute, which is also the one that names no type (OCPP 2.0.1 VariableAttributeType). */
export function actualValue(variable: Document | undefined): unknown {
  const attributes = (variable?.variableAttribute as Document[] | undefined) ?? [];
  return attributes.find(({ type = 'Actual' }) => type === 'Actual')?.value;
}
