// Gossip and server features: what a client asks before its first command. A cluster of one, which is always its own leader.
import { WireWriter } from './wire-writer';

const LEADER = 8;

/** event_store.client.gossip.ClusterInfo */
export function clusterInfo(instanceId: string, host: string, port: number, nowMs: number): Buffer {
  const writer = new WireWriter();
  writer.grpcMessage(() =>
    writer.message(1, () => {
      writer.message(1, () => writer.string(2, instanceId));
      writer.uint(2, nowMs * 10_000);
      writer.uint(3, LEADER);
      writer.uint(4, 1);
      writer.message(5, () => {
        writer.string(1, host);
        writer.uint(2, port);
      });
    }),
  );
  return writer.take();
}

/** event_store.client.server_features.SupportedMethods; clients compare names in lower case. */
export function supportedMethods(paths: Iterable<string>, version: string): Buffer {
  const writer = new WireWriter();
  writer.grpcMessage(() => {
    for (const path of paths) {
      const [, service = '', method = ''] = path.split('/');
      writer.message(1, () => {
        writer.string(1, method.toLowerCase());
        writer.string(2, service.toLowerCase());
      });
    }
    writer.string(2, version);
  });
  return writer.take();
}
