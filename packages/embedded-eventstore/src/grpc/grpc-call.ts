// One gRPC call on one HTTP/2 stream: messages in, framed messages out, and exactly one status at the end.
import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { MalformedMessageError } from '../protocol/wire-reader';
import { DamagedStoreError } from '../start-refused-error';
import { GrpcError, GrpcStatus } from './grpc-error';
import { MessageDecoder } from './message-decoder';

const RESPONSE_HEADERS = { ':status': 200, 'content-type': 'application/grpc+proto' } as const;

export class GrpcCall {
  private trailers: Record<string, string> = { 'grpc-status': String(GrpcStatus.OK) };
  private ended = false;

  constructor(
    private readonly stream: ServerHttp2Stream,
    private readonly headers: IncomingHttpHeaders,
  ) {
    // A reset by the client arrives as an error and is followed by `close`, where calls tidy up; there is nobody left to tell.
    stream.on('error', () => this.stop());
    stream.once('close', () => this.stop());
    stream.once('wantTrailers', () => stream.sendTrailers(this.trailers));
  }

  /** True once the client has gone or the status was sent: nothing more can be said. */
  get isOver(): boolean {
    return this.ended || this.stream.destroyed || this.stream.closed;
  }

  /** The address the client dialled, which behind a port mapping is not the one this server listens on. */
  get authority(): string {
    return this.headers[':authority'] ?? this.headers.host ?? '';
  }

  receive(onMessage: (message: Buffer) => void, onHalfClose: () => void): void {
    const decoder = new MessageDecoder((message) => {
      if (!this.isOver) onMessage(message);
    });
    this.stream.on('data', (chunk: Buffer) => this.guard(() => decoder.write(chunk)));
    // A reset ends the stream as well; half a request must not pass for a whole one.
    this.stream.once('end', () => {
      if (!this.isOver && !this.stream.aborted) this.guard(onHalfClose);
    });
  }

  pauseReceiving(): void {
    this.stream.pause();
  }

  resumeReceiving(): void {
    this.stream.resume();
  }

  onClose(listener: () => void): void {
    this.stream.once('close', listener);
  }

  /** Sends messages that already carry their gRPC prefix. False asks the caller to wait for `onDrain` before sending more. */
  send(framedMessages: Buffer): boolean {
    if (this.isOver) return false;
    if (!this.stream.headersSent) this.stream.respond(RESPONSE_HEADERS, { waitForTrailers: true });
    return this.stream.write(framedMessages);
  }

  onDrain(listener: () => void): void {
    this.stream.once('drain', listener);
  }

  succeed(): void {
    if (this.isOver) return;
    this.ended = true;
    if (!this.stream.headersSent) this.stream.respond(RESPONSE_HEADERS, { waitForTrailers: true });
    this.stream.end();
  }

  fail(error: GrpcError): void {
    if (this.isOver) return;
    this.ended = true;
    const trailers = { ...error.trailers, 'grpc-status': String(error.status), 'grpc-message': encodeURI(error.message) };
    if (this.stream.headersSent) {
      this.trailers = trailers;
      this.stream.end();
    } else {
      this.stream.respond({ ...RESPONSE_HEADERS, ...trailers }, { endStream: true });
    }
  }

  /** Runs a piece of a handler; what it throws ends this call and no other. */
  guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.fail(asGrpcError(error));
    }
  }

  private stop(): void {
    this.ended = true;
  }
}

function asGrpcError(error: unknown): GrpcError {
  if (error instanceof GrpcError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof MalformedMessageError) return new GrpcError(GrpcStatus.INVALID_ARGUMENT, message);
  return new GrpcError(error instanceof DamagedStoreError ? GrpcStatus.DATA_LOSS : GrpcStatus.INTERNAL, message);
}
