// Tells where to go next: a creation says where the new thing is (RFC 9110 section 10.2.2), a page where the following one is (RFC 8288).
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Observable, tap } from 'rxjs';
import { operationOf } from './operate';
import { addressOf } from './paths';

type Answer = Readonly<Record<string, unknown>>;

export class AddressHeaders implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler<Answer>): Observable<Answer> {
    const { location } = operationOf(context);
    const http = context.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    return next.handle().pipe(
      tap((answer) => {
        if (location !== undefined) reply.header('location', addressOf(location, answer));
        if (typeof answer.next === 'string')
          reply.header('link', `<${following(http.getRequest<FastifyRequest>(), answer.next)}>; rel="next"`);
      }),
    );
  }
}

/** The same question, from the next row on. */
function following({ url }: FastifyRequest, after: string): string {
  const [path, query] = url.split('?', 2);
  const parameters = new URLSearchParams(query);
  parameters.set('after', after);
  return `${path}?${parameters}`;
}
