// A decider is a pure description of how something with a history behaves: how its state follows from its events, and which events follow
// from a command. Reading, appending and retrying is the event store's `handle`.

/** `State` is folded from `Event`s; `decide` answers a `Command` with new events or with a typed `Rejection`, and never throws. */
export interface Decider<State, Command, Event, Rejection = never> {
  readonly initial: () => State;
  /** May change and return the state it is given: the caller owns it and keeps no older one. */
  readonly evolve: (state: State, event: Event, revision: number) => State;
  readonly decide: (state: State, command: Command) => Decision<Event, Rejection>;
}

export type Decision<Event, Rejection> = { readonly accepted: true; readonly events: readonly Event[] } | Rejected<Rejection>;
export interface Rejected<Rejection> {
  readonly accepted: false;
  readonly rejection: Rejection;
}

/** No events: the command changes nothing, which is how a repetition is answered. */
export function accept<Event>(...events: Event[]): { accepted: true; events: Event[] } {
  return { accepted: true, events };
}

export function reject<Rejection>(rejection: Rejection): Rejected<Rejection> {
  return { accepted: false, rejection };
}

/** Folds a history from the beginning. */
export function fold<State, Event>(
  decider: Pick<Decider<State, never, Event, unknown>, 'initial' | 'evolve'>,
  events: Iterable<Event>,
): State {
  let state = decider.initial();
  let revision = 0;
  for (const event of events) state = decider.evolve(state, event, revision++);
  return state;
}
