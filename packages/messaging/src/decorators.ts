// Marks a controller's methods as handlers of the flow. Whether a service has all of its handlers is checked by the compiler
// (`implements Hears<'billing'>`) and once more at start by the strategy.
import type { Delivered, Message, MessageName, Reply, Request, RequestName } from '@evenkeel/contracts';
import { EventPattern, MessagePattern } from '@nestjs/microservices';

type Handles<In extends unknown[], Out> = (target: object, key: string | symbol, descriptor: TypedPropertyDescriptor<(...args: In) => Promise<Out>>) => void;

/** The method hears this message. It resolves when its work is durable; only then is the message acknowledged. */
export function Hear<M extends MessageName>(name: M): Handles<[Message<M>, Delivered], void> {
  return EventPattern(name) as Handles<[Message<M>, Delivered], void>;
}

/** The method answers this request; it throws a `Problem` to refuse it. */
export function AnswerTo<R extends RequestName>(name: R): Handles<[Request<R>], Reply<R>> {
  return MessagePattern(name) as Handles<[Request<R>], Reply<R>>;
}
