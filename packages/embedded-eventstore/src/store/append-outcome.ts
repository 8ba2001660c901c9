// What can come of an append, a delete or a tombstone. Callbacks carry it instead of promises: at thousands of appends a second the
// promise and its microtask would be a measurable part of the cost.

export interface AppendResult {
  readonly kind: 'appended';
  /** The stream's last revision after the append; -1 when nothing was appended to a stream without events. */
  readonly revision: number;
  /** The position of the last event in `$all`; 0 when nothing was appended. */
  readonly position: number;
}

export type AppendRefusal =
  | { readonly kind: 'wrong-expected-version' /** -1 for a stream without events. */; readonly current: number }
  | { readonly kind: 'stream-deleted' }
  | { readonly kind: 'too-large'; readonly maximumBytes: number }
  | { readonly kind: 'timed-out' }
  | { readonly kind: 'not-stored'; readonly reason: string };

export type AppendOutcome = AppendResult | AppendRefusal;

export type OnAppendOutcome = (outcome: AppendOutcome) => void;
