// Our CALLs to one station: one outstanding, the others queued by urgency, each with its outcome for whoever asked. A timeout means that
// the outcome is unknown: the station may have obeyed (OCPP-J 1.6 section 4.1.1, OCPP 2.0.1 Part 4 section 4.1.1).
import { randomUUID } from 'node:crypto';
import { Problem, type Reply, requests } from '@evenkeel/contracts';
import {
  type CallResultFrame,
  callResultErrorText,
  callText,
  type ErrorFrame,
  ExpectedMessages,
  isWantedAfter,
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

/** The connection that the calls leave by. */
export interface CommandLine {
  readonly isOpen: boolean;
  /** Whether no newer connection of the station exists. @throws BrokerUnavailable when nobody knows. */
  mayCall(): Promise<boolean>;
  send(text: string): void;
}

export class StationCommands {
  private readonly calls = new OutgoingCalls<PendingCommand>(CAPACITY);
  /** Most stations are never asked for a message. */
  private expected: ExpectedMessages | undefined;
  private gone = false;

  constructor(
    private readonly version: SpokenVersion,
    private readonly timeoutMs: number,
    private readonly line: CommandLine,
  ) {}

  /** @throws Problem when the command has certainly not reached the station. */
  give(command: Command): Promise<CommandOutcome> {
    if (this.gone || !this.line.isOpen) return Promise.reject(new Problem('offline', 'the station has disconnected'));
    return new Promise((settle, fail) => {
      const expiresAt = Date.now() + WANTED_MS;
      const call = { id: randomUUID(), urgency: command.urgency, timeoutMilliseconds: this.timeoutMs, expiresAt, command, settle, fail };
      if (this.calls.enqueue(call)) void this.sendNext();
      else fail(new Problem('conflict', 'too many commands wait for this station'));
    });
  }

  /** @returns whether a command was waiting for the frame; `late` when it has stopped waiting. */
  answered(frame: CallResultFrame | ErrorFrame): 'expected' | 'late' | 'unknown' {
    const answered = this.calls.answered(frame.id);
    if (answered.kind !== 'expected') return answered.kind;
    const { command, settle } = answered.call;
    this.expected?.answered(frame.id, frame.kind === 'callResult' ? frame.payload : undefined);
    settle(frame.kind === 'callResult' ? this.outcomeOf(command, frame) : refused(frame.code, frame.description));
    void this.sendNext();
    return 'expected';
  }

  /** Whether the station was asked for this message. */
  expects(action: string, payload: JsonObject): boolean {
    return this.expected?.allows(action, payload, Date.now()) ?? false;
  }

  /** Settles what has waited too long; to be called now and then. */
  expire(nowMs: number): void {
    const { timedOut, expired } = this.calls.collectOverdue(nowMs);
    for (const { settle } of timedOut) settle({ outcome: 'timeout' });
    for (const { fail } of expired) fail(new Problem('conflict', 'the station was busy with earlier commands; this one was not sent'));
    if (timedOut.length > 0) void this.sendNext();
  }

  connectionLost(): void {
    this.gone = true;
    this.calls.connectionLost()?.settle({ outcome: 'timeout' });
    for (const { fail } of this.calls.collectOverdue(Number.POSITIVE_INFINITY).expired) {
      fail(new Problem('offline', 'the station disconnected before the command was sent'));
    }
  }

  /** Never fails. That no newer connection calls the station at the same time is asked at the last moment. */
  private async sendNext(): Promise<void> {
    const call = this.calls.takeNext(Date.now());
    if (!call) return;
    let obstacle = new Problem('offline', 'a newer connection holds the station');
    let mayCall = false;
    try {
      mayCall = await this.line.mayCall();
    } catch (error) {
      obstacle = new Problem('unavailable', error instanceof Error ? error.message : String(error));
    }
    // Asking may have taken longer than the command was allowed to wait.
    if (!this.calls.isOutstanding(call.id)) return;
    if (mayCall) {
      const { action, payload } = call.command;
      if (isWantedAfter(action)) {
        this.expected ??= new ExpectedMessages();
        this.expected.asked(call.id, action, payload, Date.now());
      }
      this.line.send(callText(call.id, action, payload));
    } else {
      this.calls.answered(call.id);
      call.fail(obstacle);
      await this.sendNext();
    }
  }

  /** An answer that only deviates where it can be told what is meant is used (tolerance.ts); what cannot be used is a refusal. */
  private outcomeOf({ action, meaning }: Command, { id, payload: answered }: CallResultFrame): CommandOutcome {
    const reading = readAnswer(this.version, action, answered);
    if (!reading.readable) {
      // Only OCPP 2.1 has a word for it.
      if (this.version === '2.1') this.line.send(callResultErrorText(id, reading.code, reading.description));
      return refused(reading.code, `The answer is unusable: ${reading.description}`);
    }
    const payload: JsonObject = reading.payload;
    if (meaning === undefined) return { outcome: 'answered', action, payload };
    const neutral = { action: meaning.action, request: { ...meaning.request }, answer: { ...meaning.answer(payload) } };
    return { outcome: 'answered', action, payload, neutral };
  }
}

function refused(errorCode: string, description: string): CommandOutcome {
  return { outcome: 'refused', errorCode, description };
}
