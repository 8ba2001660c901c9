// Streams/Delete (soft) and Streams/Tombstone (for good).
import type { GrpcCall } from '../grpc/grpc-call';
import { receiveOne } from '../grpc/receive-one';
import { deleteResponse, refusalError } from '../protocol/append-response';
import { readDeleteRequest, type StreamRequest } from '../protocol/stream-request';
import type { AppendOutcome } from '../store/append-outcome';
import type { EventStore } from '../store/event-store';

export function handleDelete(store: EventStore, call: GrpcCall): void {
  receiveOne(call, (message) => {
    const request = readDeleteRequest(message);
    store.delete(request, (outcome) => answer(call, request, outcome));
  });
}

export function handleTombstone(store: EventStore, call: GrpcCall): void {
  receiveOne(call, (message) => {
    const request = readDeleteRequest(message);
    store.tombstone(request, (outcome) => answer(call, request, outcome));
  });
}

function answer(call: GrpcCall, request: StreamRequest, outcome: AppendOutcome): void {
  if (outcome.kind !== 'appended') {
    call.fail(refusalError(request, outcome));
    return;
  }
  call.send(deleteResponse(outcome.position));
  call.succeed();
}
