// Decodes ReadReq of event_store.client.streams: reads and subscriptions, of a stream and of $all, with and without a filter.
import { GrpcError, GrpcStatus } from '../grpc/grpc-error';
import { readStreamIdentifier, streamName } from './stream-request';
import { WireReader } from './wire-reader';

/** Revisions and positions alike: a number, or one of the two ends. */
export type ReadFrom = 'start' | 'end' | number;

export interface EventFilter {
  readonly on: 'stream-name' | 'event-type';
  readonly matches: (text: string) => boolean;
  /** How many events are looked at between two checkpoints of a subscription. */
  readonly checkpointInterval: number;
}

export interface ReadRequest {
  /** Absent for $all. */
  readonly stream?: { readonly name: string; readonly bytes: Buffer };
  readonly from: ReadFrom;
  readonly direction: 'forwards' | 'backwards';
  readonly maxCount: number;
  readonly isSubscription: boolean;
  readonly filter?: EventFilter;
}

// The window of a filter that does not state one.
const DEFAULT_WINDOW_EVENTS = 32;

export function readReadRequest(request: Buffer): ReadRequest {
  const reader = new WireReader(request);
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 1) return readOptions(reader.message());
    reader.skip();
  }
  throw new GrpcError(GrpcStatus.INVALID_ARGUMENT, 'The request has no options.');
}

function readOptions(options: WireReader): ReadRequest {
  let target: Pick<ReadRequest, 'stream' | 'from'> | undefined;
  let direction: ReadRequest['direction'] = 'forwards';
  let maxCount = 0;
  let isSubscription = false;
  let filter: EventFilter | undefined;
  for (let field = options.nextField(); field !== 0; field = options.nextField()) {
    if (field === 1) target = readStreamOptions(options.message());
    else if (field === 2) target = readAllOptions(options.message());
    else if (field === 3) direction = options.varint() === 1 ? 'backwards' : 'forwards';
    else if (field === 5) maxCount = options.varint();
    else if (field === 7) filter = readFilter(options.message());
    else {
      if (field === 6) isSubscription = true;
      options.skip();
    }
  }
  if (!target) throw new GrpcError(GrpcStatus.INVALID_ARGUMENT, 'A read names neither a stream nor $all.');
  return { ...target, direction, maxCount, isSubscription, filter };
}

function readStreamOptions(options: WireReader): Pick<ReadRequest, 'stream' | 'from'> {
  let bytes: Buffer = Buffer.alloc(0);
  let from: ReadFrom = 'start';
  for (let field = options.nextField(); field !== 0; field = options.nextField()) {
    if (field === 1) bytes = readStreamIdentifier(options.message());
    else if (field === 2) from = options.varint();
    else {
      if (field === 4) from = 'end';
      options.skip();
    }
  }
  return { stream: { name: streamName(bytes), bytes }, from };
}

function readAllOptions(options: WireReader): Pick<ReadRequest, 'from'> {
  let from: ReadFrom = 'start';
  for (let field = options.nextField(); field !== 0; field = options.nextField()) {
    if (field === 1) from = readCommitPosition(options.message());
    else {
      if (field === 3) from = 'end';
      options.skip();
    }
  }
  return { from };
}

/** Commit and prepare position are the same number in this store. */
function readCommitPosition(position: WireReader): number {
  let commit = 0;
  for (let field = position.nextField(); field !== 0; field = position.nextField()) {
    const value = position.varint();
    if (field === 1) commit = value;
  }
  return commit;
}

function readFilter(options: WireReader): EventFilter {
  let on: EventFilter['on'] = 'stream-name';
  let matches: EventFilter['matches'] = () => true;
  let windowEvents = DEFAULT_WINDOW_EVENTS;
  let multiplier = 1;
  for (let field = options.nextField(); field !== 0; field = options.nextField()) {
    if (field === 1 || field === 2) {
      on = field === 1 ? 'stream-name' : 'event-type';
      matches = readExpression(options.message());
    } else if (field === 3) windowEvents = options.varint();
    else if (field === 5) multiplier = options.varint();
    else options.skip();
  }
  return { on, matches, checkpointInterval: Math.max(1, windowEvents * multiplier) };
}

function readExpression(expression: WireReader): EventFilter['matches'] {
  const prefixes: string[] = [];
  let pattern = '';
  for (let field = expression.nextField(); field !== 0; field = expression.nextField()) {
    if (field === 1) pattern = expression.string();
    else if (field === 2) prefixes.push(expression.string());
    else expression.skip();
  }
  if (prefixes.length > 0) return (text) => prefixes.some((prefix) => text.startsWith(prefix));
  try {
    const regex = new RegExp(pattern);
    return (text) => regex.test(text);
  } catch {
    throw new GrpcError(GrpcStatus.INVALID_ARGUMENT, `The filter's regular expression "${pattern}" cannot be compiled.`);
  }
}
