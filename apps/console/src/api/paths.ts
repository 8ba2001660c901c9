// Paths of operations: as OpenAPI and as the router writes them, filled in, and found again from a request.
import { operationEntries } from './operations';

export const basePath = '/api';

const parameter = /\{(\w+)\}/g;

/** `/stations/{stationId}` -> `/api/stations/:stationId` */
export function routeOf(path: string): string {
  return basePath + path.replaceAll(parameter, ':$1');
}

/** `/stations/{stationId}` -> `/api/stations/CP%2F1` */
export function addressOf(path: string, values: Readonly<Record<string, unknown>>): string {
  return basePath + path.replaceAll(parameter, (_, name: string) => encodeURIComponent(String(values[name])));
}

/** @returns the methods that a path answers, none for one that is nobody's. A resource that is read also answers HEAD. */
export function methodsAt(path: string): string[] {
  const methods = patterns.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
  return methods.includes('GET') ? ['GET', 'HEAD', ...methods.filter((method) => method !== 'GET')] : methods;
}

const patterns = operationEntries.map(([, { method, path }]) => ({
  method,
  pattern: new RegExp(`^${basePath}${path.replaceAll('.', '\\.').replaceAll(parameter, '[^/]+')}$`),
}));
