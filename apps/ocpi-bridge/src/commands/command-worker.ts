// Carries out what was accepted, and tells the eMSP what became of it. One replica does it, and picks up what another has left behind: the
// registry knows a command by its cause, so that asking for it again finds what became of it and has nothing done twice.
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem, type Request } from '@evenkeel/contracts';
import { type EventStore, StreamHandler } from '@evenkeel/event-store';
import type { Requester } from '@evenkeel/messaging';
import { COMMAND_TIMEOUT_SECONDS, type Expressed, OcpiProblem, type OcpiVersion, ocpiVersions } from '@evenkeel/ocpi';
import type { Projector } from '@evenkeel/read-model';
import type { Log, Metrics } from '@evenkeel/service';
import type { Bearers } from '../bearer/bearers';
import type { PartnerClient } from '../client/partner-client';
import type { Lease } from '../lease';
import type { PartnerView } from '../partner/partner-view';
import type { TokenVault } from '../partner/token-vault';
import {
  isProfileOrder,
  profileOperationOf,
  profileOutcomeOf,
  profileOutcomeOfProblem,
  sayProfileOutcome,
} from '../profiles/profile-order';
import { outcomeOf, outcomeOfProblem } from './command-outcome';
import type { CommandTables, CommandView } from './command-view';
import {
  type Order,
  type Outcome,
  type PartnerCommandState,
  type PartnerCommandStep,
  partnerCommand,
  partnerCommandCodec,
} from './partner-command';
import { reservation, reservationCodec } from './partner-reservation';

export interface CommandWorkerParts {
  readonly store: EventStore;
  readonly projector: Pick<Projector<CommandTables>, 'reached'>;
  readonly view: CommandView;
  readonly partners: Pick<PartnerView, 'partnerOf'>;
  readonly bearers: Pick<Bearers, 'one'>;
  readonly requester: Pick<Requester<'ocpi-bridge'>, 'ask'>;
  readonly client: Pick<PartnerClient, 'send'>;
  readonly vault: Pick<TokenVault, 'open'>;
  readonly lease: Pick<Lease, 'hold'>;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** A driver waits for it. */
const LOOK_EVERY_MS = 150;
/** What was left behind for longer is not begun any more: nobody stands at the charger by then. */
const BEGUN_WITHIN_MS = 30_000;
/** The rest of the time that was announced is for telling the result. */
const SETTLED_WITHIN_MS = 50_000;
const LOOK_AGAIN_MS = 500;
const TELL_AGAIN_MS = 3_000;

type Given = NonNullable<PartnerCommandState['given']>;
type Operation = Pick<Request<'operateStation'>, 'stationId' | 'operation' | 'parameters' | 'authorization'>;

export class CommandWorker {
  private readonly commands;
  private readonly reservations;
  private readonly inFlight = new Map<string, Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private readonly stopping = new AbortController();

  constructor(private readonly parts: CommandWorkerParts) {
    const { store } = parts;
    this.commands = new StreamHandler({ store, decider: partnerCommand, codec: partnerCommandCodec, cachedStates: 0 });
    this.reservations = new StreamHandler({ store, decider: reservation, codec: reservationCodec, cachedStates: 0 });
  }

  start(): void {
    if (this.stopping.signal.aborted) return;
    this.timer = setTimeout(() => {
      this.looking = this.look().finally(() => this.start());
    }, LOOK_EVERY_MS);
  }

  /** What a charger has not answered yet is left to the next replica. */
  async stop(): Promise<void> {
    this.stopping.abort();
    clearTimeout(this.timer);
    await this.looking;
    await Promise.all(this.inFlight.values());
  }

  private async look(): Promise<void> {
    try {
      if (!(await this.parts.lease.hold())) return;
      for (const { stream, state } of await this.parts.view.open()) {
        if (this.inFlight.has(stream) || !state.given) continue;
        const work = this.work(stream, state.given, state.outcome).finally(() => this.inFlight.delete(stream));
        this.inFlight.set(stream, work);
      }
    } catch (error) {
      this.parts.log.warn({ error }, 'the commands of partners could not be looked up');
    }
  }

  private async work(stream: string, given: Given, known: Outcome | undefined): Promise<void> {
    try {
      const outcome = known ?? (await this.settle(stream, given));
      if (outcome) await this.tell(stream, given, outcome);
    } catch (error) {
      this.parts.log.warn({ error, stream }, 'a command of a partner was interrupted');
      await this.pause(TELL_AGAIN_MS);
    }
  }

  /** @returns undefined where the process stops first. */
  private async settle(stream: string, given: Given): Promise<Outcome | undefined> {
    const outcome = await this.carriedOut(stream, given);
    if (!outcome) return undefined;
    const { order } = given;
    if (order.command === 'CANCEL_RESERVATION' && outcome.result === 'ACCEPTED') {
      await this.reservations.handle(order.reservation, { kind: 'give-up', at: now() }, { cause: `${stream}@given-up` });
    }
    const { state } = await this.take(stream, { kind: 'settle', ...outcome, at: now() });
    this.parts.metrics.count('evenkeel_partner_commands_total', 'Commands of partners, by what became of them', {
      command: order.command,
      result: outcome.result,
    });
    return state.outcome;
  }

  private async carriedOut(stream: string, { order, issuer, at }: Given): Promise<Outcome | undefined> {
    const waitedMs = () => Date.now() - Date.parse(at);
    if (waitedMs() > BEGUN_WITHIN_MS) return { result: 'TIMEOUT', detail: 'nobody knows whether the charger was told' };
    try {
      const operation = await this.operationOf(order, issuer);
      if ('result' in operation) return operation;
      let command = await this.parts.requester.ask('operateStation', { ...operation, cause: stream.slice(-36) });
      for (;;) {
        const outcome = isProfileOrder(order) ? profileOutcomeOf(order, command) : outcomeOf(order.command, command);
        if (outcome) return outcome;
        if (waitedMs() > SETTLED_WITHIN_MS) return { result: 'TIMEOUT', detail: 'the charger did not answer in time' };
        if (!(await this.pause(LOOK_AGAIN_MS))) return undefined;
        command = await this.parts.requester.ask('getCommand', { commandId: command.commandId });
      }
    } catch (error) {
      if (error instanceof Problem) return isProfileOrder(order) ? profileOutcomeOfProblem(error) : outcomeOfProblem(error);
      throw error;
    }
  }

  private async operationOf(order: Order, issuer: string): Promise<Operation | Outcome> {
    if (isProfileOrder(order)) return profileOperationOf(order);
    const { stationId } = order;
    if (order.command === 'STOP_SESSION') return { stationId, operation: 'stop', parameters: { transactionId: order.transactionId } };
    if (order.command === 'CANCEL_RESERVATION')
      return { stationId, operation: 'cancel-reservation', parameters: { reservationId: order.number } };
    if (order.command === 'UNLOCK_CONNECTOR')
      return { stationId, operation: 'unlock', parameters: { evseId: order.evseId, connectorId: order.connectorId } };
    const bearer = await this.parts.bearers.one(order.token);
    if (bearer.status !== 'known') return { result: 'REJECTED', detail: `whose the token is, is ${bearer.status}` };
    const token = { uid: bearer.token.uid, type: bearer.token.type };
    const { authorizationReference } = order;
    const authorization = { issuer, token, ...(authorizationReference === undefined ? {} : { authorizationReference }) };
    const parameters = { token, ...(order.evseId === undefined ? {} : { evseId: order.evseId }) };
    if (order.command === 'START_SESSION') return { stationId, operation: 'start', parameters, authorization };
    const kept = { expiresAt: order.expiresAt, reservationId: order.number };
    return { stationId, operation: 'reserve', parameters: { ...parameters, ...kept }, authorization };
  }

  /** Told again only where nobody has answered: a partner that has answered has heard it. */
  private async tell(stream: string, given: Given, outcome: Outcome): Promise<void> {
    for (;;) {
      const told = await this.toldOnce(given, outcome);
      if (told === 'told') return void (await this.take(stream, { kind: 'tell', at: now() }));
      const isLate = Date.now() - Date.parse(given.at) > COMMAND_TIMEOUT_SECONDS * 1_000;
      if (told.final || isLate) {
        this.parts.log.warn(
          { stream, command: given.order.command, reason: told.reason },
          'a partner does not know what became of its command',
        );
        return void (await this.take(stream, { kind: 'give-up', reason: told.reason.slice(0, 500), at: now() }));
      }
      if (!(await this.pause(TELL_AGAIN_MS))) return;
    }
  }

  private async toldOnce({ issuer, responseUrl, order }: Given, outcome: Outcome): Promise<'told' | { final: boolean; reason: string }> {
    const partner = await this.parts.partners.partnerOf(issuer, 'EMSP');
    if (!partner) return { final: true, reason: 'the partner has left' };
    if (partner.away !== undefined) return { final: false, reason: `${issuer} is ${partner.away} behind its hub` };
    const { registration } = partner;
    const written = sayOutcome(ocpiVersions[registration.version], order, outcome);
    if (!written.ok) return { final: true, reason: written.reason };
    try {
      const exchange = await this.parts.client.send({
        partnerId: partner.partnerId,
        urgent: true,
        method: order.command === 'TELL_PROFILE' ? 'PUT' : 'POST',
        url: responseUrl,
        token: this.parts.vault.open(registration.theirToken),
        peer: registration,
        to: issuer,
        body: written.wire,
      });
      if (exchange.kind === 'unreachable') return { final: false, reason: exchange.reason };
      const { outcome: answer, httpStatus } = exchange;
      if (answer.kind === 'acknowledged') return 'told';
      return { final: answer.kind !== 'transient', reason: `HTTP ${httpStatus}, ${answer.kind}` };
    } catch (error) {
      // An address that is not followed any more.
      if (error instanceof OcpiProblem) return { final: true, reason: error.message };
      throw error;
    }
  }

  /** Resolves when the table shows it, so that the next look does not find the command as it was. */
  private async take(stream: string, step: PartnerCommandStep): Promise<{ state: PartnerCommandState }> {
    const handled = await this.commands.handle(stream, step, { cause: `${stream}@${step.kind}` });
    if (handled.accepted && handled.position !== undefined) await this.parts.projector.reached(handled.position);
    return handled;
  }

  /** @returns false when the process stops first. */
  private async pause(ms: number): Promise<boolean> {
    const { signal } = this.stopping;
    await sleep(ms, undefined, { signal }).catch((error) => {
      if (!signal.aborted) throw error;
    });
    return !signal.aborted;
  }
}

function sayOutcome({ number, commands, profiles }: OcpiVersion, order: Order, outcome: Outcome): Expressed<unknown> {
  if (isProfileOrder(order)) {
    return profiles ? sayProfileOutcome(profiles, order, outcome) : { ok: false, reason: `OCPI ${number} has no charging profiles` };
  }
  const { result, detail } = outcome;
  return commands.result.write({
    result,
    ...(detail === undefined ? {} : { message: [{ language: 'en', text: detail.slice(0, 512) }] }),
  });
}

function now(): string {
  return new Date().toISOString();
}
