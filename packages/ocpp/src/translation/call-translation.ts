// How one action of the CSMS in OCPP 2.1 and one in OCPP 1.6 say the same: the request as 1.6 has it, its answer as 2.1 has it, and what a
// 1.6 request that somebody sent as such means in 2.1.
import type { Request, Requests, Response, Responses } from '../messages';

type Action16 = keyof Requests['1.6'] & keyof Responses['1.6'] & string;
type Action21 = keyof Requests['2.1'] & keyof Responses['2.1'] & string;
/** The data of a DataTransfer may be any JSON, also text (OCPP 2.1 DataTransferRequest); the generated type says object. */
type AnyData<P, A> = A extends 'DataTransfer' ? Omit<P, 'data'> & { data?: unknown } : P;
type Neutral<A extends Action21> = AnyData<Request<'2.1', A>, A>;

export interface CallTranslation {
  readonly neutral: Action21;
  readonly wire: Action16;
  /** Whether this is the way to say it; several 1.6 actions may mean the same action of 2.1. */
  says(request: object): boolean;
  /** @throws Untranslatable. */
  request(request: object): object;
  answer(answer: object, request: object): object;
  meaning(request: object): object;
}

interface Parts<N extends Action21, W extends Action16> {
  says?: (request: Neutral<N>) => boolean;
  request: (request: Neutral<N>) => Request<'1.6', W>;
  meaning: (request: Request<'1.6', W>) => Neutral<N>;
  answer: (answer: Response<'1.6', W>, request: Neutral<N>) => AnyData<Response<'2.1', N>, N>;
}

/** The payloads have passed their schemas, from which the types were generated. */
export function translation<N extends Action21, W extends Action16>(neutral: N, wire: W, parts: Parts<N, W>): CallTranslation {
  const { says = () => true, request, meaning, answer } = parts;
  return {
    neutral,
    wire,
    says: (asked) => says(asked as Neutral<N>),
    request: (asked) => request(asked as Neutral<N>) as object,
    meaning: (asked) => meaning(asked as Request<'1.6', W>) as object,
    answer: (answered, asked) => answer(answered as Response<'1.6', W>, asked as Neutral<N>) as object,
  };
}

/** An absent value is an absent field: neither version allows null. */
export function optional<K extends string, V>(name: K, value: V | undefined): { [P in K]?: V } {
  return (value === undefined ? {} : { [name]: value }) as { [P in K]?: V };
}

export function nothing(): Record<string, never> {
  return {};
}
