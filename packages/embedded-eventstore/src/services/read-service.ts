// Streams/Read: reads end, subscriptions catch up and stay.
import { randomUUID } from 'node:crypto';
import type { GrpcCall } from '../grpc/grpc-call';
import { GrpcError, GrpcStatus } from '../grpc/grpc-error';
import { receiveOne } from '../grpc/receive-one';
import { headerText } from '../protocol/append-response';
import { type ReadRequest, readReadRequest } from '../protocol/read-request';
import { writeConfirmation } from '../protocol/read-response';
import { WireWriter } from '../protocol/wire-writer';
import { isSoftDeleted } from '../storage/stream-metadata';
import { AllCursor, StreamCursor } from '../store/event-cursor';
import type { EventStore } from '../store/event-store';
import { Delivery } from './delivery';

export function handleRead(store: EventStore, call: GrpcCall): void {
  receiveOne(call, (message) => {
    const request = readReadRequest(message);
    const { stream, isSubscription } = request;
    if (stream && store.isTombstoned(store.index.findStream(stream.name))) throw streamDeleted(stream.name);
    if (isSubscription) subscribe(store, call, request);
    else if (stream && !isReadable(store, stream.name)) throw streamNotFound(stream.name);
    else new Delivery(store, call, newCursor(store, request), { remaining: request.maxCount, isLive: false }).pump();
  });
}

function subscribe(store: EventStore, call: GrpcCall, request: ReadRequest): void {
  const writer = new WireWriter();
  writeConfirmation(writer, randomUUID());
  call.send(writer.take());
  const delivery = new Delivery(store, call, newCursor(store, request), {
    remaining: Number.POSITIVE_INFINITY,
    isLive: true,
    checkpointInterval: request.filter?.checkpointInterval,
  });
  const { stream } = request;
  const stopListening = store.log.onPublished(() => {
    delivery.pump();
    if (stream && store.isTombstoned(store.index.findStream(stream.name))) call.fail(streamDeleted(stream.name));
  });
  call.onClose(stopListening);
  delivery.pump();
}

function newCursor(store: EventStore, request: ReadRequest): AllCursor | StreamCursor {
  if (request.stream) return new StreamCursor(store, store.newReader(), request.stream.name, request);
  return new AllCursor(store, request, request.filter);
}

/** A stream that never was and one that was deleted softly look the same to a reader. */
function isReadable(store: EventStore, name: string): boolean {
  const stream = store.index.findStream(name);
  const isVisible = stream !== undefined && stream.first !== 0 && stream.first <= store.log.durablePosition;
  return isVisible && !isSoftDeleted(stream.metadata);
}

/**
 * Told as a status, and not as the message that the protocol has for it: the client resets a call that brings the message, and Node's HTTP/2
 * takes a thousand resets for an attack and cuts the connection, with every other call on it.
 */
function streamNotFound(name: string): GrpcError {
  return new GrpcError(GrpcStatus.NOT_FOUND, `Event stream '${name}' is not found.`, {
    exception: 'stream-not-found',
    'stream-name': headerText(name),
  });
}

function streamDeleted(name: string): GrpcError {
  return new GrpcError(GrpcStatus.FAILED_PRECONDITION, `Event stream '${name}' is deleted.`, {
    exception: 'stream-deleted',
    'stream-name': headerText(name),
  });
}
