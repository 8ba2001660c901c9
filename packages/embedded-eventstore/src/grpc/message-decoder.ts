// Cuts the bytes of one HTTP/2 stream into gRPC messages. A message that arrives in one piece, the usual case, is not copied.
import { GrpcError, GrpcStatus } from './grpc-error';

const PREFIX_BYTES = 5;
// The client splits appends into requests of 3 MiB, but one event may be as large as a node would replicate it.
const LARGEST_MESSAGE_BYTES = 17 * 1024 * 1024;

export class MessageDecoder {
  private chunks: Buffer[] = [];
  private bufferedBytes = 0;
  private neededBytes = PREFIX_BYTES;

  constructor(private readonly onMessage: (message: Buffer) => void) {}

  write(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.bufferedBytes += chunk.length;
    if (this.bufferedBytes < this.neededBytes) return;
    const bytes = this.chunks.length === 1 ? chunk : Buffer.concat(this.chunks, this.bufferedBytes);
    let at = 0;
    this.neededBytes = PREFIX_BYTES;
    while (bytes.length - at >= PREFIX_BYTES) {
      if (bytes[at] !== 0) throw new GrpcError(GrpcStatus.UNIMPLEMENTED, 'Compressed requests are not supported.');
      const length = bytes.readUInt32BE(at + 1);
      if (length > LARGEST_MESSAGE_BYTES) {
        throw new GrpcError(GrpcStatus.RESOURCE_EXHAUSTED, `A request of ${length} bytes is over the limit of ${LARGEST_MESSAGE_BYTES}.`);
      }
      if (bytes.length - at < PREFIX_BYTES + length) {
        this.neededBytes = PREFIX_BYTES + length;
        break;
      }
      const start = at + PREFIX_BYTES;
      at = start + length;
      this.onMessage(bytes.subarray(start, at));
    }
    this.bufferedBytes = bytes.length - at;
    this.chunks = this.bufferedBytes === 0 ? [] : [bytes.subarray(at)];
  }
}
