// Which methods a path has. A router only knows that a method and a path do not go together; OCPI wants a wrong method answered with 405,
// not with 404 (OCPI 2.2.1 transport_and_format).
interface Route {
  method: string;
  segments: readonly string[];
}

export class RouteTable {
  private readonly routes: Route[] = [];

  add(method: string | readonly string[], path: string): void {
    for (const one of [method].flat()) this.routes.push({ method: one, segments: segmentsOf(path) });
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
