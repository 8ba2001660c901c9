// Why the server did not start, in one sentence an operator can act on: bad configuration, a held lock, a damaged store, a taken port.
export class StartRefusedError extends Error {
  override readonly name: string = 'StartRefusedError';
}

/** Bytes on the disk are not what was written. Found at start it stops the start, found by a read it fails the read. */
export class DamagedStoreError extends StartRefusedError {
  override readonly name = 'DamagedStoreError';
}
