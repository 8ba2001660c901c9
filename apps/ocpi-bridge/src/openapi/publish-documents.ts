// Serves the OpenAPI documents, one a version that is offered, at an address that needs no token: what can be asked of us is no secret, and a new
// partner reads it before there is a token.
import { ocpiVersions } from '@evenkeel/ocpi';
import type { FastifyInstance } from 'fastify';
import type { RouteTable } from '../http/route-table';
import type { Platform } from '../platform';
import { openApiDocument } from './document';

export function publishDocuments(server: FastifyInstance, routes: RouteTable, { role, versions, publicUrl }: Platform): void {
  for (const number of versions) {
    // Written when it is first asked for: the table is not complete before the server listens.
    let text: string | undefined;
    server.get(`/ocpi/openapi/${role.toLowerCase()}/${number}.json`, async (_, reply) => {
      text ??= JSON.stringify(openApiDocument(routes.described(), role, ocpiVersions[number], publicUrl), withoutOurs);
      return reply.type('application/json').send(text);
    });
  }
}

/** The keyword of our own in the schemas. */
function withoutOurs(key: string, value: unknown): unknown {
  return key === 'strictly' ? undefined : value;
}
