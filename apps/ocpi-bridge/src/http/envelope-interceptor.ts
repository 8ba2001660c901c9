// Puts what a controller answers into the envelope.
import { statusCodes, success } from '@evenkeel/ocpi';
import type { Metrics } from '@evenkeel/service';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { map, type Observable } from 'rxjs';
import type { OcpiAnswer } from './answer';
import type { OcpiRequest } from './request';

export class EnvelopeInterceptor implements NestInterceptor<OcpiAnswer, unknown> {
  constructor(private readonly metrics: Metrics) {}

  intercept(context: ExecutionContext, next: CallHandler<OcpiAnswer>): Observable<unknown> {
    const http = context.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    const request = http.getRequest<OcpiRequest>();
    const { method, routeOptions } = request;
    return next.handle().pipe(
      map((answer) => {
        reply.status(answer.httpStatus).headers(answer.headers);
        request.said = { ocpiStatus: statusCodes.success };
        countAnswer(this.metrics, { method, route: routeOptions.url, http: answer.httpStatus, ocpi: statusCodes.success });
        return success(answer.data, new Date());
      }),
    );
  }
}

export function countAnswer(metrics: Metrics, answer: { method: string; route: string | undefined; http: number; ocpi: number }): void {
  const labels = { method: answer.method, route: answer.route ?? 'none', http: String(answer.http), ocpi: String(answer.ocpi) };
  metrics.count('evenkeel_ocpi_answers_total', 'Answers to partners, by HTTP and OCPI status', labels);
}
