// Streams/Append and Streams/BatchAppend.
import type { GrpcCall } from '../grpc/grpc-call';
import { GrpcError, GrpcStatus } from '../grpc/grpc-error';
import { type ProposedEvent, readAppendRequestPart, readBatchAppendRequestPart } from '../protocol/append-request';
import { appendConflictResponse, appendResponse, refusalError, writeBatchAppendResponse } from '../protocol/append-response';
import type { StreamRequest } from '../protocol/stream-request';
import { WireWriter } from '../protocol/wire-writer';
import type { AppendOutcome } from '../store/append-outcome';
import type { EventStore } from '../store/event-store';

/** One append a call: its options, its events, and the answer once the client has closed its side. */
export function handleAppend(store: EventStore, call: GrpcCall): void {
  let request: StreamRequest | undefined;
  const events: ProposedEvent[] = [];
  call.receive(
    (message) => {
      const part = readAppendRequestPart(message);
      if (part.options) request = part.options;
      if (part.event) events.push(part.event);
    },
    () => {
      if (!request) throw new GrpcError(GrpcStatus.INVALID_ARGUMENT, 'The append has no options.');
      const { expected } = request;
      const answered = request;
      store.append(request, events, (outcome) => {
        if (outcome.kind === 'appended') call.send(appendResponse(outcome));
        else if (outcome.kind === 'wrong-expected-version') call.send(appendConflictResponse(expected, outcome.current));
        else call.fail(refusalError(answered, outcome));
        call.succeed();
      });
    },
  );
}

/** Many appends on one long call, each answered by its correlation id as soon as it is durable. */
export function handleBatchAppend(store: EventStore, call: GrpcCall): void {
  const batch = new BatchAppendCall(store, call);
  call.receive(
    (message) => batch.receive(message),
    () => batch.finish(),
  );
}

interface GatheringAppend {
  readonly request: StreamRequest;
  readonly events: ProposedEvent[];
}

class BatchAppendCall {
  /** Appends whose last part has not come yet, by correlation id. */
  private readonly gathering = new Map<string, GatheringAppend>();
  private readonly responses = new WireWriter();
  private isSendScheduled = false;
  private unanswered = 0;
  private isFinished = false;

  constructor(
    private readonly store: EventStore,
    private readonly call: GrpcCall,
  ) {}

  receive(message: Buffer): void {
    const part = readBatchAppendRequestPart(message);
    const { correlationId } = part;
    if (part.options && part.isFinal) {
      this.append(correlationId, part.options, part.events);
      return;
    }
    const key = correlationId.toString('latin1');
    const append = part.options ? { request: part.options, events: part.events } : this.gathering.get(key);
    if (!append) throw new GrpcError(GrpcStatus.INVALID_ARGUMENT, 'The first part of an append carries no options.');
    if (!part.options) append.events.push(...part.events);
    if (part.isFinal) {
      this.gathering.delete(key);
      this.append(correlationId, append.request, append.events);
    } else {
      this.gathering.set(key, append);
    }
  }

  finish(): void {
    this.isFinished = true;
    if (this.unanswered === 0) this.call.succeed();
  }

  private append(correlationId: Buffer, request: StreamRequest, events: readonly ProposedEvent[]): void {
    this.unanswered++;
    const answer = (outcome: AppendOutcome) => {
      this.unanswered--;
      writeBatchAppendResponse(this.responses, correlationId, request, outcome);
      this.scheduleSend();
    };
    if (request.deadlineMs < Date.now()) answer({ kind: 'timed-out' });
    else this.store.append(request, events, answer);
    if (this.store.log.isCrowded) this.waitForRoom();
  }

  /** One write for all answers of the same moment, usually those of one group commit. */
  private scheduleSend(): void {
    if (this.isSendScheduled) return;
    this.isSendScheduled = true;
    queueMicrotask(() => {
      this.isSendScheduled = false;
      this.call.send(this.responses.take());
      if (this.isFinished) this.finish();
    });
  }

  private waitForRoom(): void {
    this.call.pauseReceiving();
    const stopListening = this.store.log.onSettled(() => {
      stopListening();
      this.call.resumeReceiving();
    });
  }
}
