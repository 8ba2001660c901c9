// Health and metrics on a port of their own, open until the very end: a load balancer must be able to see that a stopping service is not
// ready any more. Liveness asks only whether the event loop turns; a silent broker is no reason to restart a service.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from './metrics';

/** @returns undefined when ready, else what is missing. */
export type ReadinessCheck = () => string | undefined;

/** @returns undefined when there is nothing to say. */
export type Notice = () => string | undefined;

export class HealthServer {
  private readonly checks = new Map<string, ReadinessCheck>();
  private readonly notices = new Map<string, Notice>();
  private readonly server: Server;

  constructor(private readonly metrics: Metrics) {
    this.server = createServer((request, response) => {
      void this.answer(request.url ?? '/').then(({ status, type, body }) => {
        response.writeHead(status, { 'content-type': type });
        response.end(body);
      });
    });
  }

  /** Adds or replaces a part that must be ready before the service is. */
  require(part: string, check: ReadinessCheck): void {
    this.checks.set(part, check);
  }

  /** Something that operators should see although the service is ready. */
  note(part: string, notice: Notice): void {
    this.notices.set(part, notice);
  }

  /** What must be there before the service is ready, and is not. */
  missing(): { part: string; reason: string }[] {
    return [...this.checks].flatMap(([part, check]) => {
      const reason = check();
      return reason === undefined ? [] : [{ part, reason }];
    });
  }

  /** @returns the port, also where 0 was asked. */
  listen(host: string, port: number): Promise<number> {
    return new Promise((resolve, fail) => {
      this.server.once('error', fail);
      this.server.listen(port, host, () => resolve((this.server.address() as AddressInfo).port));
    });
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private async answer(url: string): Promise<{ status: number; type: string; body: string }> {
    if (url === '/health/live') return json(200, { status: 'live' });
    if (url === '/health/ready') {
      const missing = this.missing();
      if (missing.length > 0) return json(503, { status: 'not ready', missing });
      const notices = [...this.notices].flatMap(([part, notice]) => {
        const text = notice();
        return text === undefined ? [] : [{ part, notice: text }];
      });
      return json(200, { status: 'ready', ...(notices.length === 0 ? {} : { notices }) });
    }
    if (url === '/metrics') return { status: 200, type: this.metrics.registry.contentType, body: await this.metrics.registry.metrics() };
    return json(404, { status: 'not found', paths: ['/health/live', '/health/ready', '/metrics'] });
  }
}

function json(status: number, value: unknown) {
  return { status, type: 'application/json', body: JSON.stringify(value) };
}
