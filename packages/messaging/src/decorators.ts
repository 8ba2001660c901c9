// Marks a controller's methods as handlers of the flow. Whether a service has all of its handlers is checked by the compiler
// (`implements Hears<'billing'>`) and once more at start by the strategy.
import type { Delivered, Message, MessageName, Reply, Request, RequestName } from '@evenkeel/contracts';
import { UseFilters } from '@nestjs/common';
import { Ctx, EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import { RethrowFilter } from './rethrow-filter';

const rethrow = new RethrowFilter();

type MarksMethod<F> = <M extends F>(target: object, key: string, descriptor: TypedPropertyDescriptor<M>) => void;

/** The method hears this message. It resolves when its work is durable; only then is the message acknowledged. */
export function Hear<M extends MessageName>(name: M): MarksMethod<(message: Message<M>, delivered: Delivered) => Promise<void>> {
  return (target, key, descriptor) => {
    Payload()(target, key, 0);
    Ctx()(target, key, 1);
    EventPattern(name)(target, key, descriptor);
    UseFilters(rethrow)(target, key, descriptor);
  };
}

/** The method answers this request; it throws a `Problem` to refuse it. */
export function AnswerTo<R extends RequestName>(name: R): MarksMethod<(request: Request<R>) => Promise<Reply<R>>> {
  return (target, key, descriptor) => {
    Payload()(target, key, 0);
    MessagePattern(name)(target, key, descriptor);
    UseFilters(rethrow)(target, key, descriptor);
  };
}
