// Encodes every ReadResp of event_store.client.streams but the events themselves, which are stored ready to send (storage/frame.ts).
import type { WireWriter } from './wire-writer';

export function writeConfirmation(writer: WireWriter, subscriptionId: string): void {
  writer.grpcMessage(() => writer.message(2, () => writer.string(1, subscriptionId)));
}

export function writeCheckpoint(writer: WireWriter, position: number): void {
  writer.grpcMessage(() =>
    writer.message(3, () => {
      writer.uint(1, position);
      writer.uint(2, position);
    }),
  );
}

export function writeCaughtUp(writer: WireWriter): void {
  writer.grpcMessage(() => writer.empty(8));
}
