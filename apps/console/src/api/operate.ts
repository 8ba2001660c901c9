// Binds a controller's method to an operation of the table: its route, its status, its parsed input and its caller. A method whose types do
// not fit the table does not compile.
import type { Operator } from '@evenkeel/contracts';
import { createParamDecorator, type ExecutionContext, Header, HttpCode, RequestMapping, RequestMethod, SetMetadata } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Operation } from './operation';
import { type Caller, type Input, type OperationName, type Output, operations } from './operations';
import { parseInput } from './parse-input';
import { routeOf } from './paths';

/** A request that the guard has let pass; of a public operation nobody knows the operator. */
export interface GuardedRequest extends FastifyRequest {
  operator?: Operator;
}

type MarksMethod<F> = <M extends F>(target: object, key: string, descriptor: TypedPropertyDescriptor<M>) => void;
type CarriesOut<N extends OperationName> = (input: Input<N>, caller: Caller<N>) => Promise<Output<N>>;

const OPERATION = 'operation';
const contentTypes = { 'text/csv': 'text/csv; charset=utf-8', 'application/pdf': 'application/pdf' };

export function Operate<N extends OperationName>(name: N): MarksMethod<CarriesOut<N>> {
  const { method, path, status = 200, mediaType }: Operation = operations[name];
  return (target, key, descriptor) => {
    ParsedInput(name)(target, key, 0);
    WhoAsks()(target, key, 1);
    HttpCode(status)(target, key, descriptor);
    if (mediaType !== undefined) Header('content-type', contentTypes[mediaType])(target, key, descriptor);
    SetMetadata(OPERATION, name)(target, key, descriptor);
    RequestMapping({ method: RequestMethod[method], path: routeOf(path) })(target, key, descriptor);
  };
}

/** @throws for a route that the table does not know: nothing may be reachable that nobody declared. */
export function operationOf(context: ExecutionContext): Operation & { name: OperationName } {
  const name = Reflect.getMetadata(OPERATION, context.getHandler()) as OperationName | undefined;
  if (name === undefined) throw new Error(`${context.getClass().name}.${context.getHandler().name} is not in the table of operations`);
  return { name, ...operations[name] };
}

const ParsedInput = createParamDecorator((name: OperationName, context: ExecutionContext) =>
  parseInput(operations[name], context.switchToHttp().getRequest<FastifyRequest>()),
);

const WhoAsks = createParamDecorator((_: unknown, context: ExecutionContext) => {
  const { ip, operator } = context.switchToHttp().getRequest<GuardedRequest>();
  return { address: ip, ...operator };
});
