// The decider of a command: from the wish of an operator, or of the system, over the station's answers to the effect that the station shows.
// An answer that does not come leaves the outcome unknown: the station may have obeyed.
import type { CommandCall, StationCommand } from '@evenkeel/contracts';
import { accept, type Decider } from '@evenkeel/decider';
import { type Codec, codecOf } from '@evenkeel/event-store';

type Requested = Omit<StationCommand, 'status' | 'errorCode' | 'detail' | 'settledAt'>;
type Settled = Pick<StationCommand, 'status' | 'errorCode' | 'detail'> & { readonly at: string };

type Of = Pick<StationCommand, 'commandId' | 'stationId'>;

export type CommandEvent =
  | { type: 'CommandRequested'; data: Requested }
  | { type: 'CallAnswered'; data: Of & { index: number; answer: NonNullable<CommandCall['answer']>; at: string } }
  /** Also when its effect was seen, or was not seen in time. */
  | { type: 'CommandSettled'; data: Of & Settled };

export type CommandStep =
  | { kind: 'request'; command: Requested }
  | { kind: 'answered'; index: number; answer: NonNullable<CommandCall['answer']>; at: string }
  | ({ kind: 'settle' } & Settled);

export interface CommandState {
  readonly command?: StationCommand;
}

export const commandCodec: Codec<CommandEvent> = codecOf<CommandEvent>({ CommandRequested: [], CallAnswered: [], CommandSettled: [] });
export const commandStreamPrefix = 'command-';

/** Whether the command waits for an answer or an effect. */
export function isOpen({ status }: Pick<StationCommand, 'status'>): boolean {
  return status === 'requested' || status === 'accepted';
}

export const command: Decider<CommandState, CommandStep, CommandEvent> = {
  initial: () => ({}),
  evolve: (state, event) => ({ command: afterCommandEvent(state.command, event) }),
  decide: ({ command: known }, step) => {
    if (step.kind === 'request') {
      // The same wish again: its id derives from what it follows from.
      return known === undefined ? accept<CommandEvent>({ type: 'CommandRequested', data: step.command }) : accept();
    }
    if (known === undefined || !isOpen(known)) return accept();
    const { commandId, stationId } = known;
    if (step.kind === 'answered') {
      const { index, answer, at } = step;
      return accept<CommandEvent>({ type: 'CallAnswered', data: { commandId, stationId, index, answer, at } });
    }
    const { kind: _, ...settled } = step;
    // An effect that was seen before the answer stands above what the answer says.
    return known.status === settled.status
      ? accept()
      : accept<CommandEvent>({ type: 'CommandSettled', data: { commandId, stationId, ...settled } });
  },
};

/** Also for the table, which keeps the same document. @throws for events whose command never began: the stream is damaged. */
export function afterCommandEvent(known: StationCommand | undefined, event: CommandEvent): StationCommand {
  if (event.type === 'CommandRequested') return { ...event.data, status: 'requested' };
  if (known === undefined) throw new Error(`command ${event.data.commandId} has no beginning`);
  if (event.type === 'CallAnswered') {
    const { index, answer } = event.data;
    return { ...known, calls: known.calls.map((call, at) => (at === index ? { ...call, answer } : call)) };
  }
  const { commandId: _, stationId: __, at, ...settled } = event.data;
  return { ...known, ...settled, settledAt: at };
}
