// Gossip/Read and ServerFeatures/GetSupportedMethods.
import { randomUUID } from 'node:crypto';
import type { GrpcCall } from '../grpc/grpc-call';
import { receiveOne } from '../grpc/receive-one';
import { clusterInfo, supportedMethods } from '../protocol/cluster-messages';

const INSTANCE_ID = randomUUID();

/** The one member is announced under the address the client dialled, which is the one it can reach. */
export function handleGossip(call: GrpcCall): void {
  receiveOne(call, () => {
    const { hostname, port } = new URL(`http://${call.authority}`);
    call.send(clusterInfo(INSTANCE_ID, hostname, Number(port || 80), Date.now()));
    call.succeed();
  });
}

export function handleSupportedMethods(paths: readonly string[], version: string, call: GrpcCall): void {
  receiveOne(call, () => {
    call.send(supportedMethods(paths, version));
    call.succeed();
  });
}
