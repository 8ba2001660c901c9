// Carries commands out: the wish is stored before anything leaves, then each CALL is made through the gateway that holds the station's
// socket, and what the station answers is stored before anybody is told. After that the effect is waited for.

import { randomBytes } from 'node:crypto';
import {
  type CommandCall,
  idOf,
  isStationOperation,
  mismatch,
  type NeutralCall,
  type OperationParameters,
  Problem,
  type Reply,
  type StationCommand,
  type StationFact,
  type StationOperationName,
  stationOperations,
} from '@evenkeel/contracts';
import { type CommandContext, type EventStore, StreamHandler } from '@evenkeel/event-store';
import type { Requester } from '@evenkeel/messaging';
import { meaningOf, requestSchema } from '@evenkeel/ocpp';
import type { Projector } from '@evenkeel/read-model';
import type { StationDesk } from '../station/station-desk';
import type { MirrorTables } from '../view/mirror-tables';
import type { StationRow } from '../view/registry-tables';
import type { StationView } from '../view/station-view';
import { type CommandEvent, type CommandState, type CommandStep, command, commandCodec, commandStreamPrefix, isOpen } from './command';
import type { CommandView } from './command-view';
import { effectOf, isYes } from './effect';
import { networkProfileRefusal } from './network-profile';
import { callsOf } from './operation-calls';
import { type PasswordOutcome, passwordOutcome, passwordSetBy } from './password-change';
import { newRequestNumber } from './request-number';
import type { StationAbilities } from './wanted-call';

/** A wish without an answer after this long was left behind by a crash. */
const ANSWERED_WITHIN_MS = 60_000;

const VERSION_SHOWN_WITHIN_MS = 1_000;

interface Wanted {
  readonly kind: 'neutral' | 'raw';
  readonly action: string;
  readonly request: object;
}

/** What a command leaves behind of a payload. */
export type Mask = (payload: object) => Record<string, unknown>;
/** Hears of every call that a station has answered. */
export type OnAnswered = (station: StationRow, call: NeutralCall, inClear: NeutralCall, context: CommandContext) => Promise<void>;

export interface CommandDeskParts {
  readonly store: EventStore;
  readonly requester: Pick<Requester<'registry'>, 'callStation'>;
  readonly projector: Pick<Projector<MirrorTables>, 'reached'>;
  readonly stations: Pick<StationView, 'find'>;
  readonly view: Pick<CommandView, 'openOf' | 'openSince'>;
  readonly abilities: { abilitiesOf(station: StationRow): Promise<StationAbilities> };
  /** Passwords of stations, which change with what a call sets. */
  readonly credentials: Pick<StationDesk, 'intendPasswordChange' | 'settlePasswordChange'>;
  readonly mask: Mask;
  readonly onAnswered: OnAnswered;
}

export class CommandDesk {
  private readonly commands: StreamHandler<CommandState, CommandStep, CommandEvent>;

  constructor(private readonly parts: CommandDeskParts) {
    const finished = ({ command: known }: CommandState) => !known || !isOpen(known);
    this.commands = new StreamHandler({ store: parts.store, decider: command, codec: commandCodec, finished });
  }

  /** @throws Problem for a station that is unknown; whatever else happens is the command's status. */
  async callRaw(stationId: string, action: string, request: object, context: CommandContext): Promise<StationCommand> {
    const station = await this.stationOf(stationId);
    return this.carryOut(station, undefined, [{ kind: 'raw', action, request }], context);
  }

  /** @throws Problem for a station or an operation that is unknown, and for parameters that do not fit it. */
  async operate(stationId: string, operation: string, parameters: object, context: CommandContext): Promise<StationCommand> {
    if (!isStationOperation(operation)) throw new Problem('not-found', `there is no operation ${operation}`);
    const wrong = mismatch(stationOperations[operation].parameters, parameters);
    if (wrong !== undefined) throw new Problem('invalid', wrong);
    const station = await this.stationOf(stationId);
    const abilities = await this.parts.abilities.abilitiesOf(station);
    const calls = callsOf(operation, parameters as OperationParameters<StationOperationName> & never, abilities, {
      next: newRequestNumber,
      // 20 characters, whose bytes an OCPP 1.6 station takes as 40 digits.
      password: () => randomBytes(15).toString('base64url'),
      now: new Date().toISOString(),
    });
    return this.carryOut(station, operation, calls, context);
  }

  /** What the system does by itself, in the words of OCPP 2.1; the same cause is the same command, made once. */
  async say(station: StationRow, action: string, request: object, context: CommandContext): Promise<StationCommand> {
    return this.carryOut(station, undefined, [{ kind: 'neutral', action, request }], context);
  }

  /** Whether the fact is what an open command waits for. */
  async observe(fact: StationFact): Promise<void> {
    for (const { commandId, calls } of await this.parts.view.openOf(fact.stationId.toLowerCase())) {
      for (const call of calls) {
        // An effect may be seen before the answer to its call is stored.
        const observed = effectOf(meant(call))?.observe(fact);
        if (observed === undefined) continue;
        const { seen, detail } = observed;
        const step = { kind: 'settle' as const, status: seen ? ('done' as const) : ('no-effect' as const), at: fact.receivedAt };
        await this.take(commandId, detail === undefined ? step : { ...step, detail }, fact.factId);
      }
    }
  }

  /** Settles what has waited too long; to be called now and then. */
  async expire(now: Date): Promise<void> {
    const at = now.toISOString();
    for (const { commandId, calls, status, requestedAt } of await this.parts.view.openSince(at)) {
      const waitedMs = now.getTime() - Date.parse(requestedAt);
      if (status === 'requested') {
        const detail = 'nobody knows whether the station was told';
        if (waitedMs > ANSWERED_WITHIN_MS) await this.take(commandId, { kind: 'settle', status: 'unknown', detail, at }, 'expired');
        continue;
      }
      const patience = Math.max(0, ...calls.map((call) => effectOf(meant(call))?.withinSeconds ?? 0));
      const detail = 'the station has accepted, and nothing has happened';
      if (waitedMs > patience * 1_000) await this.take(commandId, { kind: 'settle', status: 'no-effect', detail, at }, 'expired');
    }
  }

  private async carryOut(
    station: StationRow,
    operation: StationOperationName | undefined,
    calls: readonly Wanted[],
    context: CommandContext,
  ): Promise<StationCommand> {
    await this.refuseUnsafe(station, calls);
    const { party, stationId } = station.registered;
    const commandId = idOf('command', party, stationId.toLowerCase(), context.cause, ...calls.map(({ action }) => action));
    const requested = {
      commandId,
      party,
      stationId,
      ...(operation === undefined ? {} : { operation }),
      calls: calls.map((call) => ({ action: call.action, request: this.parts.mask(call.request), ...this.meaning(station, call) })),
      requestedAt: new Date().toISOString(),
      ...(context.operator === undefined ? {} : { requestedBy: context.operator }),
    };
    const begun = await this.taken(commandId, { kind: 'request', command: requested }, context);
    // The same wish again, after a crash or a redelivery: it is not sent twice.
    if (!begun.isNews) return begun.command;
    const answers: NeutralCall[] = [];
    for (const [index, call] of calls.entries()) {
      const settled = await this.callGuarded(station, commandId, index, call, answers, context);
      if (settled) return settled;
    }
    return this.settleAnswered(commandId, answers, context);
  }

  /** @throws Problem for a network profile that could leave the station where nobody reaches it, in whatever words it is asked for. */
  private async refuseUnsafe(station: StationRow, calls: readonly Wanted[]): Promise<void> {
    if (!calls.some(({ action }) => action === 'SetNetworkProfile')) return;
    const abilities = await this.parts.abilities.abilitiesOf(station);
    for (const { action, request } of calls) {
      const refusal = networkProfileRefusal(action, request, abilities);
      if (refusal !== undefined) throw new Problem('conflict', refusal);
    }
  }

  /** A call that changes the station's password: what it is to be is known before it leaves, and which one is good when it is answered. */
  private async callGuarded(
    station: StationRow,
    commandId: string,
    index: number,
    { kind, action, request }: Wanted,
    answers: NeutralCall[],
    context: CommandContext,
  ): Promise<StationCommand | undefined> {
    const { stationId } = station.registered;
    const call = { kind, action, payload: { ...request } };
    const neutral = kind === 'neutral' ? { action, request: call.payload } : this.inNewestWords(station, { kind, action, request });
    const password = neutral && passwordSetBy(neutral);
    if (password === undefined) return this.callOnce(station, commandId, index, call, answers, context);
    const changeId = `${commandId}.${index}`;
    await this.parts.credentials.intendPasswordChange({ stationId, changeId, password });
    const before = answers.length;
    let settled: StationCommand | undefined;
    let outcome: PasswordOutcome = 'refused';
    try {
      settled = await this.callOnce(station, commandId, index, call, answers, context);
      outcome = passwordOutcome(answers[before], settled?.status ?? 'done');
    } finally {
      // What was not sent changes nothing.
      await this.parts.credentials.settlePasswordChange({ stationId, changeId, outcome });
    }
    return settled;
  }

  /** @returns the command when this call has ended it. */
  private async callOnce(
    station: StationRow,
    commandId: string,
    index: number,
    call: { kind: 'neutral' | 'raw'; action: string; payload: Record<string, unknown> },
    answers: NeutralCall[],
    context: CommandContext,
  ): Promise<StationCommand | undefined> {
    const { party, stationId } = station.registered;
    let outcome: Reply<'callStation'>;
    try {
      outcome = await this.parts.requester.callStation({ party, stationId, call });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return this.notSent(commandId, index, error, context);
    }
    const at = new Date().toISOString();
    switch (outcome.outcome) {
      case 'timeout':
        return this.take(commandId, { kind: 'settle', status: 'unknown', detail: 'the station did not answer in time', at }, context);
      case 'refused': {
        const { errorCode, description } = outcome;
        const detail = description === '' ? errorCode : description;
        return this.take(commandId, { kind: 'settle', status: 'refused', errorCode, detail, at }, context);
      }
      case 'answered': {
        const { neutral = { action: call.action, request: call.payload, answer: outcome.payload }, payload } = outcome;
        const said = call.kind === 'raw' ? payload : neutral.answer;
        await this.take(commandId, { kind: 'answered', index, answer: this.parts.mask(said), at }, context);
        const masked = { action: neutral.action, request: this.parts.mask(neutral.request), answer: this.parts.mask(neutral.answer) };
        answers.push(masked);
        if (outcome.neutral) await this.parts.onAnswered(station, masked, outcome.neutral, context);
        // What was asked in parts stops at the first no.
        return isYes(neutral.answer) ? undefined : this.settleAnswered(commandId, answers, context);
      }
    }
  }

  /** A timeout of the request means that the gateway may have sent it. @throws Problem for what is wrong with the wish itself. */
  private async notSent(commandId: string, index: number, problem: Problem, context: CommandContext): Promise<StationCommand> {
    const at = new Date().toISOString();
    const status = problem.code === 'timeout' || index > 0 ? ('unknown' as const) : ('not-sent' as const);
    const settled = await this.take(commandId, { kind: 'settle', status, detail: problem.message, at }, context);
    if (status === 'not-sent') throw problem;
    return settled;
  }

  private settleAnswered(commandId: string, answers: readonly NeutralCall[], context: CommandContext): Promise<StationCommand> {
    const at = new Date().toISOString();
    const refusal = answers.find(({ answer }) => !isYes(answer));
    if (refusal) {
      const detail = String(refusal.answer.status);
      return this.take(commandId, { kind: 'settle', status: 'rejected', detail, at }, context);
    }
    const waits = answers.some((each) => effectOf(each) !== undefined);
    return this.take(commandId, { kind: 'settle', status: waits ? 'accepted' : 'done', at }, context);
  }

  private async take(commandId: string, step: CommandStep, context: CommandContext | string): Promise<StationCommand> {
    return (await this.taken(commandId, step, context)).command;
  }

  /** `isNews`: the step has changed something. */
  private async taken(
    commandId: string,
    step: CommandStep,
    context: CommandContext | string,
  ): Promise<{ command: StationCommand; isNews: boolean }> {
    const stream = `${commandStreamPrefix}${commandId}`;
    const handled = await this.commands.handle(stream, step, typeof context === 'string' ? { cause: idOf(context, commandId) } : context);
    // Whoever asks next for open commands, or for this one, is to find it.
    if (step.kind !== 'answered' && handled.accepted && handled.position !== undefined)
      await this.parts.projector.reached(handled.position);
    const { command: known } = handled.state;
    if (known === undefined) throw new Error(`command ${commandId} was settled before it began`);
    return { command: known, isNews: handled.accepted && handled.events.length > 0 };
  }

  /** What a raw call means, where it is said in other words than those of OCPP 2.1. */
  private meaning(station: StationRow, call: Wanted): Pick<CommandCall, 'means'> {
    if (call.kind === 'neutral' || station.ocpp_version !== '1.6') return {};
    const meant = this.inNewestWords(station, call);
    return meant === undefined ? {} : { means: { action: meant.action, request: this.parts.mask(meant.request) } };
  }

  /** @returns undefined for what has no meaning there; what does not fit its schema is not sent anyway. */
  private inNewestWords(
    { ocpp_version: version }: StationRow,
    { action, request }: Wanted,
  ): Pick<NeutralCall, 'action' | 'request'> | undefined {
    if (version !== '1.6') return { action, request: { ...request } };
    const meant = requestSchema(version, action)?.matches(request) ? meaningOf(version, action, request) : undefined;
    return meant && { action: meant.action, request: { ...meant.request } };
  }

  /** How a station is asked depends on its version, which a station that has connected for the first time shows a moment later. */
  private async stationOf(stationId: string): Promise<StationRow> {
    for (const deadline = Date.now() + VERSION_SHOWN_WITHIN_MS; ; ) {
      const station = await this.parts.stations.find(stationId);
      if (!station) throw new Problem('not-found', `there is no station ${stationId}`);
      if (station.ocpp_version !== null || Date.now() > deadline) return station;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function meant({ action, request, means, answer = {} }: CommandCall): NeutralCall {
  return { ...(means ?? { action, request }), answer };
}
