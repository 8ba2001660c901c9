// Which methods a path has. A router only knows that a method and a path do not go together; OCPI wants a wrong method answered with 405,
// not with 404 (OCPI 2.2.1 transport_and_format).
import type { RouteWords } from '../openapi/described';
import type { DescribedRoute } from '../openapi/document';

interface Route {
  method: string;
  path: string;
  segments: readonly string[];
  words?: RouteWords;
}

export class RouteTable {
  private readonly routes: Route[] = [];

  /** @param words what the route says of itself. */
  add(method: string | readonly string[], path: string, words?: RouteWords): void {
    const said = words ? { words } : {};
    for (const one of [method].flat()) this.routes.push({ method: one, path, segments: segmentsOf(path), ...said });
  }

  /** The routes that say what they are; a HEAD is what its GET is. */
  described(): DescribedRoute[] {
    return this.routes.flatMap(({ method, path, words }) => (words && method !== 'HEAD' ? [{ method, path, words }] : []));
  }

  methodsAt(path: string): string[] {
    const segments = segmentsOf(path.split('?')[0] ?? '');
    const matching = this.routes.filter((route) => matches(route.segments, segments));
    return [...new Set(matching.map(({ method }) => method))];
  }
}

function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}

function matches(route: readonly string[], segments: readonly string[]): boolean {
  return route.length === segments.length && route.every((part, index) => part.startsWith(':') || part === segments[index]);
}
