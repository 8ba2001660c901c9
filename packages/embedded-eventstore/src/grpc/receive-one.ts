// The request side of a call that has exactly one request message.
import type { GrpcCall } from './grpc-call';
import { GrpcError, GrpcStatus } from './grpc-error';

export function receiveOne(call: GrpcCall, handle: (message: Buffer) => void): void {
  let received: Buffer | undefined;
  call.receive(
    (message) => {
      received = message;
    },
    () => {
      if (!received) throw new GrpcError(GrpcStatus.INVALID_ARGUMENT, 'The request is missing.');
      handle(received);
    },
  );
}
