// The one place where an error becomes a response: problem details, counted, and logged when the fault is ours.
import { LOG, type Log, Metrics } from '@evenkeel/service';
import { type ArgumentsHost, Catch, type ExceptionFilter, Inject, NotFoundException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { methodsAt } from '../api/paths';
import { HttpProblem, httpProblemOf, problemKinds } from './problems';

export interface ProblemResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes, because fastify gives the type of a string a charset, which JSON does not have (RFC 8259 section 11). */
  readonly body: Buffer;
}

/** What is known of a request that failed; one that fastify refused has found no route. */
interface Failed {
  readonly url: string;
  readonly method: string;
  readonly routeOptions?: { readonly url?: string };
}

@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly metrics: Metrics,
    @Inject(LOG) private readonly log: Log,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const { status, headers, body } = this.respond(error, http.getRequest<FastifyRequest>());
    http.getResponse<FastifyReply>().code(status).headers(headers).send(body);
  }

  respond(error: unknown, { url, method, routeOptions }: Failed): ProblemResponse {
    const path = url.split('?', 1)[0] ?? '';
    const problem = error instanceof NotFoundException ? noRoute(method, path) : httpProblemOf(error);
    const { kind, extras, message: detail } = problem;
    const { status, title } = problemKinds[kind];
    this.metrics.count('evenkeel_console_problems_total', 'Problems answered, by code', { code: kind, status: String(status) });
    // Its route, not its path, which may name a driver.
    if (kind === 'internal') this.log.error({ error, method, route: routeOptions?.url }, 'a request failed');
    const details = { type: `urn:evenkeel:problem:${kind}`, title, status, detail, code: kind, instance: path, ...extras.members };
    return {
      status,
      headers: { 'content-type': 'application/problem+json', ...extras.headers },
      body: Buffer.from(JSON.stringify(details)),
    };
  }
}

/** Nest's router finds no route: is it the path or the method? Only services say "not found" of anything else. */
function noRoute(method: string, path: string): HttpProblem {
  const allowed = methodsAt(path);
  if (allowed.length === 0) return new HttpProblem('not-found', `nothing is at ${path}`);
  const allow = allowed.join(', ');
  return new HttpProblem('method-not-allowed', `${path} answers ${allow}, not ${method}`, { headers: { allow } });
}
