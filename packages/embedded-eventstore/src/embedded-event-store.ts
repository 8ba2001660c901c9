// The server: one store on one folder, reached through the methods of EventStoreDB's gRPC protocol that are built here.
import { resolve } from 'node:path';
import type { GrpcCall } from './grpc/grpc-call';
import { type GrpcHandler, startGrpcServer } from './grpc/grpc-server';
import { handleAppend, handleBatchAppend } from './services/append-service';
import { handleGossip, handleSupportedMethods } from './services/cluster-service';
import { handleDelete, handleTombstone } from './services/delete-service';
import { handleRead } from './services/read-service';
import { EventStore } from './store/event-store';

export interface EmbeddedEventStoreOptions {
  /** Created when it does not exist; one server at a time. */
  readonly dataFolder: string;
  /** 0 picks a free port. */
  readonly port: number;
  readonly host?: string;
  /** Hears of what an operator should know: an interrupted write that was cut, a disk that is full. */
  readonly report?: (message: string) => void;
  /** A segment file that has reached this size is sealed and the next one begun. */
  readonly segmentBytes?: number;
}

export interface EmbeddedEventStore {
  /** The connection string for `@eventstore/db-client`. */
  readonly url: string;
  readonly port: number;
  /** Ends all calls, waits for what is on its way to the disk, and lets go of the folder. */
  close(): Promise<void>;
}

const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_SEGMENT_BYTES = 64 * 1024 * 1024;
const SERVER_VERSION = 'evenkeel-embedded-0.1.0';
const STREAMS = '/event_store.client.streams.Streams';
const GOSSIP = '/event_store.client.gossip.Gossip/Read';
const SERVER_FEATURES = '/event_store.client.server_features.ServerFeatures/GetSupportedMethods';

/** Rejects with a StartRefusedError when the folder is in use, damaged or of a newer version, or the port is taken. */
export async function startEmbeddedEventStore(options: EmbeddedEventStoreOptions): Promise<EmbeddedEventStore> {
  const host = options.host ?? DEFAULT_HOST;
  const store = await EventStore.open({
    folder: resolve(options.dataFolder),
    segmentBytes: options.segmentBytes ?? DEFAULT_SEGMENT_BYTES,
    report: options.report ?? (() => undefined),
  });
  try {
    const server = await startGrpcServer({ host, port: options.port, handlers: handlersOf(store), explainMissing });
    let closed: Promise<void> | undefined;
    return {
      port: server.port,
      url: `esdb://${host}:${server.port}?tls=false`,
      close: () => {
        closed ??= server.close().then(() => store.close());
        return closed;
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

function handlersOf(store: EventStore): ReadonlyMap<string, GrpcHandler> {
  const handlers = new Map<string, GrpcHandler>([
    [`${STREAMS}/Read`, (call) => handleRead(store, call)],
    [`${STREAMS}/Append`, (call) => handleAppend(store, call)],
    [`${STREAMS}/BatchAppend`, (call) => handleBatchAppend(store, call)],
    [`${STREAMS}/Delete`, (call) => handleDelete(store, call)],
    [`${STREAMS}/Tombstone`, (call) => handleTombstone(store, call)],
    [GOSSIP, handleGossip],
  ]);
  const paths = [...handlers.keys(), SERVER_FEATURES];
  return handlers.set(SERVER_FEATURES, (call: GrpcCall) => handleSupportedMethods(paths, SERVER_VERSION, call));
}

function explainMissing(path: string): string {
  const [, service = ''] = path.split('/');
  const name = service.split('.').at(-1);
  return `The embedded event store does not implement ${path}: it offers streams and subscriptions, and no ${name}.`;
}
