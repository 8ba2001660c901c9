// event_store.client.UUID: the text form, which this client sends, or two int64 halves, which other clients send.
import { GrpcError, GrpcStatus } from '../grpc/grpc-error';
import type { WireReader } from './wire-reader';

export const UUID_TEXT_BYTES = 36;
const UUID_TEXT = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The lower-case text form, by which ids are compared and stored. */
export function readUuid(uuid: WireReader): string {
  let text = '';
  for (let field = uuid.nextField(); field !== 0; field = uuid.nextField()) {
    if (field === 2) text = uuid.string().toLowerCase();
    else if (field === 1) text = fromHalves(uuid.message());
    else uuid.skip();
  }
  if (!UUID_TEXT.test(text)) throw new GrpcError(GrpcStatus.INVALID_ARGUMENT, `The event id "${text}" is not a UUID.`);
  return text;
}

function fromHalves(structured: WireReader): string {
  const halves = [0n, 0n];
  for (let field = structured.nextField(); field !== 0; field = structured.nextField()) {
    const half = structured.bigVarint();
    if (field === 1 || field === 2) halves[field - 1] = half;
  }
  const hex = halves.map((half) => half.toString(16).padStart(16, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
