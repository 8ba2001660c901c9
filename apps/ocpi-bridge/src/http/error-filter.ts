// Every failure as an OCPI answer (OCPI 2.2.1 status_codes): a refusal keeps its two codes; a service of ours that is silent is a failure
// while processing, which travels as HTTP 200 with 3000.
import { Problem } from '@evenkeel/contracts';
import { failure, OcpiProblem, statusCodes } from '@evenkeel/ocpi';
import type { Log, Metrics } from '@evenkeel/service';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, NotFoundException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { TooManyRequests } from './doorman';
import { countAnswer } from './envelope-interceptor';
import type { OcpiRequest } from './request';
import type { RouteTable } from './route-table';

@Catch()
export class ErrorFilter implements ExceptionFilter<unknown> {
  constructor(
    private readonly routes: RouteTable,
    private readonly metrics: Metrics,
    private readonly log: Log,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<OcpiRequest>();
    const reply = http.getResponse<FastifyReply>();
    const problem = this.problemOf(error, request, reply);
    const { httpStatus, statusCode, message } = problem;
    request.said = { ocpiStatus: statusCode, message };
    if (problem instanceof TooManyRequests) reply.header('retry-after', String(problem.retryAfterSeconds));
    countAnswer(this.metrics, { method: request.method, route: request.routeOptions?.url, http: httpStatus, ocpi: statusCode });
    void reply.status(httpStatus).send(failure(statusCode, message, new Date()));
  }

  private problemOf(error: unknown, request: FastifyRequest, reply: FastifyReply): OcpiProblem {
    if (error instanceof OcpiProblem) return error;
    if (error instanceof NotFoundException) return this.noRoute(request, reply);
    // The body: no JSON (400), too long (413), of another type (415).
    if (error instanceof HttpException) return new OcpiProblem(error.getStatus(), statusCodes.clientError, error.message);
    if (error instanceof Problem && error.code === 'not-found') return OcpiProblem.missing(error.message);
    if (error instanceof Problem && error.code === 'invalid') return OcpiProblem.invalid(error.message);
    this.log.error({ error, method: request.method, route: request.routeOptions?.url }, 'a request of a partner failed');
    return OcpiProblem.failed('the request could not be processed');
  }

  private noRoute(request: FastifyRequest, reply: FastifyReply): OcpiProblem {
    const methods = this.routes.methodsAt(request.url);
    if (methods.length === 0) return OcpiProblem.missing('there is no such path', statusCodes.clientError);
    reply.header('allow', methods.join(', '));
    return OcpiProblem.notAllowed(`${request.method} is not a method of this path`);
  }
}
