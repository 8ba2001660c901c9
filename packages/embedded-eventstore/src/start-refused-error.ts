// Why the server did not start, in one sentence an operator can act on: bad configuration, a held lock, a damaged store, a taken port.
export class StartRefusedError extends Error {
  override readonly name = 'StartRefusedError';
}
