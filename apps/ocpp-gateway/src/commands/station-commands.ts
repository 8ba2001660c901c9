// Our CALLs to one station: one outstanding, the others queued by urgency, each with its outcome for whoever asked. A timeout means that
// the outcome is unknown: the station may have obeyed (OCPP-J 1.6 section 4.1.1, OCPP 2.0.1 Part 4 section 4.1.1).
import { randomUUID } from 'node:crypto';
import { Problem, type Reply, requests } from '@evenkeel/contracts';
import {
  type CallResultFrame,
  callText,
  type ErrorFrame,
  type JsonObject,
  type OutgoingCall,
  OutgoingCalls,
  readAnswer,
} from '@evenkeel/ocpp';
import type { SpokenVersion } from '../connection/station';
import type { Command } from './command';

export type CommandOutcome = Reply<'callStation'>;

interface PendingCommand extends OutgoingCall {
  readonly command: Command;
  readonly settle: (outcome: CommandOutcome) => void;
  readonly fail: (problem: Problem) => void;
}

/** More would only wait for their own expiry. */
const CAPACITY = 50;
/** After this nobody waits for the outcome any more, and a command that has not left must not leave. */
const WANTED_MS = requests.callStation.deadlineMs;

export class StationCommands {
  private readonly calls = new OutgoingCalls<PendingCommand>(CAPACITY);
  private gone = false;

  constructor(
    private readonly version: SpokenVersion,
    private readonly timeoutMs: number,
    private readonly send: (text: string) => void,
  ) {}

  /** @throws Problem when the command has certainly not reached the station. */
  give(command: Command): Promise<CommandOutcome> {
    if (this.gone) return Promise.reject(new Problem('offline', 'the station has disconnected'));
    return new Promise((settle, fail) => {
      const expiresAt = Date.now() + WANTED_MS;
      const call = { id: randomUUID(), urgency: command.urgency, timeoutMilliseconds: this.timeoutMs, expiresAt, command, settle, fail };
      if (this.calls.enqueue(call)) this.sendNext();
      else fail(new Problem('conflict', 'too many commands wait for this station'));
    });
  }

  /** @returns whether the frame answers a command that is waiting for it. */
  answered(frame: CallResultFrame | ErrorFrame): boolean {
    const answered = this.calls.answered(frame.id);
    if (answered.kind !== 'expected') return false;
    const { command, settle } = answered.call;
    settle(frame.kind === 'callResult' ? this.outcomeOf(command, frame.payload) : refused(frame.code, frame.description));
    this.sendNext();
    return true;
  }

  /** Settles what has waited too long; to be called now and then. */
  expire(nowMs: number): void {
    const { timedOut, expired } = this.calls.collectOverdue(nowMs);
    for (const { settle } of timedOut) settle({ outcome: 'timeout' });
    for (const { fail } of expired) fail(new Problem('conflict', 'the station was busy with earlier commands; this one was not sent'));
    if (timedOut.length > 0) this.sendNext();
  }

  connectionLost(): void {
    this.gone = true;
    this.calls.connectionLost()?.settle({ outcome: 'timeout' });
    for (const { fail } of this.calls.collectOverdue(Number.POSITIVE_INFINITY).expired) {
      fail(new Problem('offline', 'the station disconnected before the command was sent'));
    }
  }

  private sendNext(): void {
    const call = this.calls.takeNext(Date.now());
    if (call) this.send(callText(call.id, call.command.action, call.command.payload));
  }

  /** An answer that only deviates where it can be told what is meant is used (tolerance.ts); what cannot be used is a refusal. */
  private outcomeOf({ action, meaning }: Command, answered: unknown): CommandOutcome {
    const reading = readAnswer(this.version, action, answered);
    if (!reading.readable) return refused(reading.code, `The answer is unusable: ${reading.description}`);
    const payload: JsonObject = reading.payload;
    if (meaning === undefined) return { outcome: 'answered', action, payload };
    const neutral = { action: meaning.action, request: { ...meaning.request }, answer: { ...meaning.answer(payload) } };
    return { outcome: 'answered', action, payload, neutral };
  }
}

function refused(errorCode: string, description: string): CommandOutcome {
  return { outcome: 'refused', errorCode, description };
}
