import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createLog, Metrics } from '@evenkeel/service';
import { eventually } from '@evenkeel/testkit';
import { WebSocket, WebSocketServer } from 'ws';
import type { Arrival } from '../calls/call';
import { GatewayMetrics } from '../metrics/gateway-metrics';
import { FrameLog } from '../trace/frame-log';
import { StationTraces } from '../trace/station-traces';
import type { ConnectionParts } from './connection-parts';
import { Station } from './station';
import { StationConnection } from './station-connection';
import { KnownMakes } from './station-make';
import { StationSocket } from './station-socket';
import { ToldTime } from './told-time';

const sockets = new WebSocketServer({ host: '127.0.0.1', port: 0, WebSocket: StationSocket });
beforeAll(() => once(sockets, 'listening'));
afterAll(() => sockets.close());

const station = () =>
  new Station({ admitted: true, party: 'US-CHG', stationId: 'CP1', versions: ['2.1'], registration: 'accepted', booted: true }, '2.1', {
    ask: () => Promise.reject(new Error('nobody is asked')),
    booted: () => undefined,
  });

/** One real socket, and a route for whatever action it sends. */
async function connected(answer: (arrival: Arrival) => Promise<object>) {
  const arrived = once(sockets, 'connection');
  const client = new WebSocket(`ws://127.0.0.1:${(sockets.address() as AddressInfo).port}`);
  const frames: unknown[] = [];
  client.on('message', (data) => frames.push(JSON.parse(String(data))));
  const [[socket]] = await Promise.all([arrived as Promise<[StationSocket]>, once(client, 'open')]);
  const parts: Pick<ConnectionParts, 'routeOf' | 'metrics' | 'log' | 'limits' | 'answers' | 'toldTime' | 'makes' | 'traces' | 'onClosed'> =
    {
      routeOf: (version, action) => ({ version, action, answer }),
      metrics: new GatewayMetrics(new Metrics('test')),
      onClosed: () => undefined,
      traces: new StationTraces(new FrameLog(65_536)),
      makes: new KnownMakes(),
      toldTime: new ToldTime(),
      log: createLog('test', 'silent'),
      limits: { strictness: 'tolerant', waitingCalls: 10, unsentBytes: 65_536, unreadableFrames: 10, commandTimeoutMs: 1000 },
      answers: Object.create({ remembers: () => false }),
    };
  const connection = new StationConnection(station(), socket, Object.create(parts), undefined);
  return { client, connection, frames };
}

it('RPC-49: a SEND is handed to its handler in its turn, and what the handler says or throws is dropped', async () => {
  const heard: string[] = [];
  const { client, frames } = await connected(async ({ frame }) => {
    heard.push(frame.id);
    if (frame.id === 's2') throw new Error('broken');
    return { answer: frame.id };
  });
  for (const id of ['s1', 's2', 's3']) client.send(JSON.stringify([6, id, 'NotifyPeriodicEventStream', {}]));
  client.send(JSON.stringify([2, 'c1', 'Heartbeat', {}]));
  await eventually(() => frames.length > 0);
  expect(heard).toEqual(['s1', 's2', 's3', 'c1']);
  expect(frames).toEqual([[3, 'c1', { answer: 'c1' }]]);
  client.close();
});
