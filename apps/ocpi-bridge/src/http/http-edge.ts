// The HTTP side of the bridge: Nest on fastify, its own body parser, and the rules that hold for every answer.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { storable } from '@evenkeel/contracts';
import { failure, readRouting, requestIdHeaders, statusCodes, writeRouting } from '@evenkeel/ocpi';
import { LOG, Metrics, SETTINGS } from '@evenkeel/service';
import type { INestApplication, LoggerService, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { BridgeSettings } from '../config';
import { wordsIn } from '../openapi/described';
import { publishDocuments } from '../openapi/publish-documents';
import { Platform } from '../platform';
import { TrafficBook } from '../traffic/traffic-book';
import { EnvelopeInterceptor } from './envelope-interceptor';
import { ErrorFilter } from './error-filter';
import { PartnerGuard } from './partner-guard';
import type { OcpiRequest } from './request';
import { RouteTable } from './route-table';

/** A location with hundreds of EVSEs fits; nothing that OCPI pushes is larger. */
const LARGEST_BODY_BYTES = 2 * 1024 * 1024;
const LONGEST_REQUEST_MS = 30_000;

/** Node.js reads no longer one: an id that is too long is then simply not found. */
const LONGEST_PATH = 16_384;

export const httpEdge = {
  async create(module: unknown, log: LoggerService): Promise<INestApplication> {
    const adapter = new FastifyAdapter({
      bodyLimit: LARGEST_BODY_BYTES,
      requestTimeout: LONGEST_REQUEST_MS,
      routerOptions: { ignoreTrailingSlash: true, caseSensitive: true, maxParamLength: LONGEST_PATH, onBadUrl: answerBadPath },
    });
    const routes = new RouteTable();
    prepare(adapter.getInstance(), routes);
    const options = { logger: log, abortOnError: false, bodyParser: false };
    const app = await NestFactory.create<NestFastifyApplication>(module as Type, adapter, options);
    publishDocuments(adapter.getInstance(), routes, app.get(Platform, { strict: false }));
    writeDown(adapter.getInstance(), app.get(TrafficBook, { strict: false }));
    app.useGlobalGuards(app.get(PartnerGuard, { strict: false }));
    app.useGlobalInterceptors(new EnvelopeInterceptor(app.get(Metrics, { strict: false })));
    app.useGlobalFilters(new ErrorFilter(routes, app.get(Metrics, { strict: false }), app.get(LOG, { strict: false })));
    return app;
  },

  async listen(app: INestApplication): Promise<void> {
    const settings = app.get<BridgeSettings>(SETTINGS, { strict: false });
    await app.listen(settings.OCPI_PORT, settings.HOST);
  },
};

function prepare(server: FastifyInstance, routes: RouteTable): void {
  for (const name of ['caller', 'partnerId', 'said']) server.decorateRequest(name, null);
  server.addHook('onRoute', ({ method, url, config }) => routes.add(method, url, wordsIn(config)));
  server.addHook('onRequest', echoHeaders);
  // An authorize request may come without a body and still name its type (OCPI 2.2.1 mod_tokens, POST).
  const parse = server.getDefaultJsonParser('error', 'error');
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else parse(request, String(body), (error, value) => done(error, storable(value)));
  });
}

/** What a partner asked and was answered; whoever is not known as a partner is only counted. */
function writeDown(server: FastifyInstance, traffic: TrafficBook): void {
  server.addHook('onResponse', async (request, reply) => {
    const { partnerId, said, method, url, body } = request as OcpiRequest;
    if (partnerId === null) return;
    const answer =
      said === null ? {} : { ocpiStatus: said.ocpiStatus, ...(said.message === undefined ? {} : { statusMessage: said.message }) };
    const about = { partnerId, direction: 'in', method, url, body, httpStatus: reply.statusCode, durationMs: reply.elapsedTime } as const;
    traffic.note({ ...about, ...answer, requestId: String(reply.getHeader('x-request-id') ?? '') });
  });
}

/** Every answer repeats the ids of its request and swaps its parties (OCPI 2.2.1 transport_and_format, Message Routing). */
async function echoHeaders(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  reply.headers(idsOf(request.headers));
  const { from, to } = readRouting(request.headers);
  reply.headers(writeRouting({ ...(to ? { from: to } : {}), ...(from ? { to: from } : {}) }));
}

/** A path that is no URL has no route, so nobody else would answer it in OCPI's words. */
function answerBadPath(path: string, { headers }: IncomingMessage, response: ServerResponse): void {
  response.writeHead(404, { 'content-type': 'application/json', ...idsOf(headers) });
  response.end(JSON.stringify(failure(statusCodes.clientError, `${path.slice(0, 100)} is no path`, new Date())));
}

function idsOf(headers: FastifyRequest['headers']): Record<string, string | string[]> {
  return Object.fromEntries(requestIdHeaders.map((name) => [name, headers[name] ?? randomUUID()]));
}
