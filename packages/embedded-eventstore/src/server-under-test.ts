// For the specs of this package: a server on a folder of its own, the unmodified client connected to it, and everything gone afterwards.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventStoreDBClient, type JSONEventData, jsonEvent } from '@eventstore/db-client';
import { type EmbeddedEventStore, startEmbeddedEventStore } from './embedded-event-store';

export interface ServerUnderTest {
  readonly folder: string;
  readonly client: EventStoreDBClient;
  readonly server: EmbeddedEventStore;
  /** Stops the server, starts it again on the same folder, and connects a new client. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'embedded-eventstore-'));
}

export async function startServerUnderTest(segmentBytes?: number): Promise<ServerUnderTest> {
  const folder = newFolder();
  const start = () => startEmbeddedEventStore({ dataFolder: folder, port: 0, segmentBytes });
  let server = await start();
  let client = connect(server.url);
  const halt = async () => {
    await client.dispose();
    await server.close();
  };
  return {
    folder,
    get client() {
      return client;
    },
    get server() {
      return server;
    },
    restart: async () => {
      await halt();
      server = await start();
      client = connect(server.url);
    },
    stop: async () => {
      await halt();
      rmSync(folder, { recursive: true });
    },
  };
}

export function connect(url: string): EventStoreDBClient {
  return EventStoreDBClient.connectionString(url);
}

export function meterEvent(number: number, type = 'MeterValueRecorded'): JSONEventData {
  return jsonEvent({ type, data: { number }, metadata: { cause: `cause ${number}` } });
}

export function meterEvents(count: number): JSONEventData[] {
  return Array.from({ length: count }, (_, number) => meterEvent(number));
}

/** Waits until `isTrue`, looking every few milliseconds. */
export async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 5));
}
