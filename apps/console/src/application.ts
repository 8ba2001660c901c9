// The HTTP side of the console: what every request and response has in common, before any route is known.
import { Metrics } from '@evenkeel/service';
import type { LoggerService, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { ProblemFilter } from './problem/problem-filter';

/** Room for the largest OCPP payload an operator sends by hand, such as a charging profile or a chain of certificates. */
const LARGEST_BODY_BYTES = 256 * 1024;
/** A station id has up to 48 characters, and percent-encoding may make nine or twelve bytes of each. */
const LONGEST_PATH_PARAMETER = 600;
/** For a client that sends its request a byte at a time. */
const SLOWEST_REQUEST_MS = 30_000;

/** Nothing that is answered here is for a cache, a frame or another site's script. */
const securityHeaders = {
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
};

interface RawRequest {
  readonly url: string;
  readonly method: string;
}

/** What the responses of all of node's HTTP servers have in common. */
interface RawReply {
  readonly raw: { writeHead(status: number, headers: Record<string, string>): unknown; end(body: Buffer): unknown };
}

export async function createApplication(module: unknown, logger: LoggerService): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: LARGEST_BODY_BYTES,
    requestTimeout: SLOWEST_REQUEST_MS,
    routerOptions: { maxParamLength: LONGEST_PATH_PARAMETER },
    // A path that cannot be decoded never reaches Nest.
    frameworkErrors: (error: unknown, { url, method }: RawRequest, reply: RawReply) => {
      const { status, headers, body } = app.get(ProblemFilter).respond(error, { url, method });
      reply.raw.writeHead(status, { ...securityHeaders, ...headers });
      reply.raw.end(body);
    },
  });
  // Without Nest's parsers a body is JSON or refused: forms and plain text are what a foreign page can post without being asked.
  const app = await NestFactory.create<NestFastifyApplication>(module as Type, adapter, { logger, bodyParser: false, abortOnError: false });
  const server: FastifyInstance = adapter.getInstance();
  server.removeContentTypeParser('text/plain');
  server.addHook('onRequest', async (_request, reply) => {
    reply.headers(securityHeaders);
  });
  server.addHook('onResponse', async (request, reply) => {
    const labels = { route: request.routeOptions.url ?? 'unknown', method: request.method, status: String(reply.statusCode) };
    app.get(Metrics).observeSeconds('evenkeel_console_request_seconds', 'Time to answer an HTTP request', reply.elapsedTime / 1000, labels);
  });
  return app;
}
