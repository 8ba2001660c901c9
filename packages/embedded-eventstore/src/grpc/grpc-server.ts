// gRPC straight on node:http2. A server of five methods needs little of a framework, and owning the framing lets the replies of a whole
// group commit, or 64 KB of events, leave in one write: measured against @grpc/grpc-js that is a third of the CPU per message.
import { createServer, type Http2Server, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { StartRefusedError } from '../start-refused-error';
import { GrpcCall } from './grpc-call';
import { GrpcError, GrpcStatus } from './grpc-error';

export type GrpcHandler = (call: GrpcCall) => void;

export interface GrpcServerOptions {
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  readonly handlers: ReadonlyMap<string, GrpcHandler>;
  /** The sentence for a method that is not in `handlers`. */
  readonly explainMissing: (path: string) => string;
}

export interface GrpcServer {
  readonly port: number;
  close(): Promise<void>;
}

// Kestrel's default, so that a client which leaks calls notices it here and not first in production.
const MAX_CONCURRENT_STREAMS = 100;
const STREAM_WINDOW_BYTES = 1024 * 1024;
const CONNECTION_WINDOW_BYTES = 16 * 1024 * 1024;
// How long clients get to take note of the shutdown before their connections are cut.
const CLOSE_GRACE_MS = 200;

export async function startGrpcServer(options: GrpcServerOptions): Promise<GrpcServer> {
  const server = createServer({
    settings: { maxConcurrentStreams: MAX_CONCURRENT_STREAMS, initialWindowSize: STREAM_WINDOW_BYTES },
    // Node would refuse new streams on a connection that holds 10 MB; what is held is bounded by the windows and by the chunk of each reader.
    maxSessionMemory: Number.MAX_SAFE_INTEGER,
  });
  const sessions = new Set<ServerHttp2Session>();
  const calls = new Set<GrpcCall>();
  server.on('session', (session) => {
    sessions.add(session);
    session.setLocalWindowSize(CONNECTION_WINDOW_BYTES);
    // A connection that breaks closes its streams; each call learns of it there.
    session.on('error', () => session.destroy());
    session.once('close', () => sessions.delete(session));
  });
  server.on('stream', (stream, headers) => {
    const call = new GrpcCall(stream, headers);
    calls.add(call);
    call.onClose(() => calls.delete(call));
    const path = headers[':path'] ?? '';
    const handler = options.handlers.get(path);
    if (handler) call.guard(() => handler(call));
    else call.fail(new GrpcError(GrpcStatus.UNIMPLEMENTED, options.explainMissing(path)));
  });
  await listen(server, options);
  return {
    port: (server.address() as AddressInfo).port,
    close: () => close(server, sessions, calls),
  };
}

function listen(server: Http2Server, { host, port }: GrpcServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') reject(new StartRefusedError(`Port ${port} on ${host} is taken by another process.`));
      else reject(new StartRefusedError(`Cannot listen on ${host}:${port}: ${error.message}`));
    });
    server.listen(port, host, resolve);
  });
}

async function close(server: Http2Server, sessions: Set<ServerHttp2Session>, calls: Set<GrpcCall>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  for (const call of calls) call.fail(new GrpcError(GrpcStatus.UNAVAILABLE, 'The server is shutting down.'));
  for (const session of sessions) session.close();
  const cut = setTimeout(() => {
    for (const session of sessions) session.destroy();
  }, CLOSE_GRACE_MS);
  await closed;
  clearTimeout(cut);
}
