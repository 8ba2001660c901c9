// Gives commands to CPOs, and takes their results. A command is stored before it leaves and never sent twice: whether a CPO that does not answer
// has it, nobody knows (OCPI mod_commands: a START_SESSION is not repeated).
import { randomUUID } from 'node:crypto';
import { type IssuedToken, type PartnerCommand, type PartyKey, Problem, type Request, type TokenRecord } from '@evenkeel/contracts';
import { type EventStore, StreamHandler } from '@evenkeel/event-store';
import type { Requester } from '@evenkeel/messaging';
import {
  COMMAND_TIMEOUT_SECONDS,
  type CommandResult,
  canonical,
  instantOf,
  OcpiProblem,
  ocpiVersions,
  soleOf,
  type VersionNumber,
  type WireSession,
  type WireToken,
} from '@evenkeel/ocpi';
import type { Log } from '@evenkeel/service';
import type { Bearers } from '../bearer/bearers';
import type { Exchange, PartnerClient, PartnerRequest } from '../client/partner-client';
import { interfaceUrl, partnerEndpoint } from '../interfaces';
import type { PartnerView, RegisteredPartner } from '../partner/partner-view';
import type { TokenVault } from '../partner/token-vault';
import type { Platform } from '../platform';
import { addressOf, isAskedProfile, moduleOf, readProfileAnswer, writeProfileOrder } from '../profiles/profile-on-wire';
import { type Added, writeOrder } from './order-on-wire';
import { newReservationNumber } from './partner-reservation';
import {
  lastStart,
  lastStartCodec,
  lastStartStream,
  type SentCommandStep,
  type SentOrder,
  sentCommand,
  sentCommandCodec,
  sentCommandStream,
  shownAt,
  type Word,
} from './sent-command';

type OrderRequest = Request<'sendPartnerCommand'>;
type Asked = OrderRequest['order'];

type Written = Pick<PartnerRequest, 'method' | 'url' | 'body'>;

export interface CommandSenderParts {
  readonly store: EventStore;
  readonly platform: Platform;
  readonly partners: Pick<PartnerView, 'partnerOf'>;
  readonly bearers: Pick<Bearers, 'hidden' | 'issuedOf'>;
  readonly requester: Pick<Requester<'ocpi-bridge'>, 'ask'>;
  readonly client: Pick<PartnerClient, 'send'>;
  readonly vault: Pick<TokenVault, 'open'>;
  readonly log: Log;
}

/** A session without a reference belongs to the start of its token that came so shortly before it. */
const STARTS_WITHIN_MS = 15 * 60_000;
const CLOCK_DIFFERENCE_MS = 60_000;

const COMMAND_ID = /^[0-9a-f-]{36}$/i;

export class CommandSender {
  private readonly commands;
  private readonly starts;

  constructor(private readonly parts: CommandSenderParts) {
    const { store } = parts;
    // Results come in at any replica.
    this.commands = new StreamHandler({ store, decider: sentCommand, codec: sentCommandCodec, cachedStates: 0 });
    this.starts = new StreamHandler({ store, decider: lastStart, codec: lastStartCodec, cachedStates: 0 });
  }

  /** @throws Problem for what cannot be asked of the partner; what the partner makes of it is in the answer. */
  async send({ actor, partner: party, order, commandId = randomUUID() }: OrderRequest): Promise<PartnerCommand> {
    const partner = await this.parts.partners.partnerOf(party, 'CPO');
    if (!partner) throw new Problem('not-found', `${party} is no CPO that we know`);
    if (partner.away !== undefined) throw new Problem('unavailable', `${party} is ${partner.away} behind its hub`);
    const module = moduleOf(order);
    const endpoint = partnerEndpoint(partner.registration.endpoints, 'EMSP', module);
    if (endpoint === undefined) throw new Problem('not-supported', `${party} has no module ${module}`);
    const token = 'token' in order ? await this.tokenOf(order.token) : undefined;
    const reservationId = order.command === 'RESERVE_NOW' ? String(newReservationNumber()) : undefined;
    const added = { reference: commandId, token: token && wireOf(token), reservationId };
    const request = this.written(partner.registration.version, endpoint, order, added);
    const sent = sentOrderOf(
      order,
      reservationId,
      token && this.parts.bearers.issuedOf(this.parts.bearers.hidden(canonical.session.tokenOf(token))),
    );
    const at = now();
    const { partnerId } = partner;
    const isNew = await this.take(commandId, { kind: 'send', partnerId, partner: party, order: sent, at }, actor.operator);
    if (!isNew) return this.askedAgain(commandId, party, order);
    if (order.command === 'START_SESSION' && sent.token) {
      const stream = lastStartStream(party, sent.token.key, order.locationId);
      await this.starts.handle(stream, { commandId, at }, { cause: `${stream}@${commandId}` });
    }
    const exchange = await this.parts.client.send({
      partnerId: partner.partnerId,
      urgent: true,
      ...request,
      token: this.parts.vault.open(partner.registration.theirToken),
      peer: partner.registration,
      to: party,
    });
    await this.take(commandId, answerIn(exchange, partner, order), actor.operator);
    return this.get({ commandId });
  }

  /** @throws Problem `not-found` */
  async get({ commandId }: { commandId: string }): Promise<PartnerCommand> {
    const { state } = await this.commands.load(sentCommandStream(commandId));
    const shown = shownAt(commandId, state, now());
    if (!shown) throw new Problem('not-found', `no command ${commandId} was sent`);
    return shown;
  }

  /** @throws OcpiProblem 404 for a command that was not given to this partner, 2001 for a second result. */
  async conclude(
    partnerId: string,
    commandId: string,
    command: string,
    word: Word,
  ): Promise<Pick<PartnerCommand, 'partner' | 'sessionId'>> {
    const step = { kind: 'conclude' as const, partnerId, command, ...word, at: now() };
    const handled = await this.commands.handle(sentCommandStream(commandId), step, { cause: randomUUID() });
    if (handled.accepted) return this.get({ commandId });
    if (handled.rejection === 'unknown') throw OcpiProblem.missing(`no command ${commandId} was given to this platform`);
    throw OcpiProblem.invalid('what became of the command has been told already');
  }

  /** A session of a partner: the command that it began by hears of it, also long after its result was waited for. */
  async sessionCame(partner: PartyKey, session: WireSession): Promise<void> {
    const commandId = session.authorization_reference ?? (await this.startBefore(partner, session));
    // Whatever else a CPO refers to is no command of ours.
    if (commandId === undefined || !COMMAND_ID.test(commandId)) return;
    const step = { kind: 'recognise' as const, partner, sessionId: session.id, at: now() };
    await this.commands.handle(sentCommandStream(commandId), step, { cause: `${commandId}@${session.id}` });
  }

  private async startBefore(partner: PartyKey, session: WireSession): Promise<string | undefined> {
    const { last } = (await this.starts.load(lastStartStream(partner, session.cdr_token.uid, session.location_id))).state;
    if (!last) return undefined;
    const afterMs = Date.parse(instantOf(session.start_date_time)) - Date.parse(last.at);
    return afterMs > -CLOCK_DIFFERENCE_MS && afterMs < STARTS_WITHIN_MS ? last.commandId : undefined;
  }

  /** @throws Problem for a token that is not ours, or that may not charge: a CPO does not ask about what we command. */
  private async tokenOf(token: { uid: string; type: TokenRecord['type'] }): Promise<TokenRecord> {
    const { token: known, verdict } = await this.parts.requester.ask('authorizeToken', { token });
    if (known?.party !== this.parts.platform.party) throw new Problem('not-found', `no token ${token.uid} is ours`);
    if (verdict !== 'Accepted') throw new Problem('conflict', `the token may not charge: ${verdict}`);
    return known;
  }

  /** In the partner's words. @throws Problem for what its version cannot say. */
  private written(number: VersionNumber, endpoint: string, order: Asked, added: Omit<Added, 'responseUrl'>): Written {
    const base = interfaceUrl(this.parts.platform.publicUrl, 'EMSP', number, moduleOf(order));
    const responseUrl = `${base}/${order.command}/${added.reference}`;
    const { commands, profiles } = ocpiVersions[number];
    const said = isAskedProfile(order)
      ? profiles && writeProfileOrder(profiles, order, responseUrl)
      : writeOrder(commands, order, { ...added, responseUrl });
    if (!said) throw new Problem('not-supported', `OCPI ${number} has no ${order.command}`);
    if (!said.ok) throw new Problem('invalid', said.reason);
    if (said.losses.length > 0)
      this.parts.log.info({ losses: said.losses, commandId: added.reference }, 'a command says less than we would');
    return { ...addressOf(endpoint, order, responseUrl), body: said.wire };
  }

  /** Whoever asks again has not heard what became of it. @throws Problem `conflict` for the id of another command. */
  private async askedAgain(commandId: string, party: PartyKey, { command }: Asked): Promise<PartnerCommand> {
    const known = await this.get({ commandId });
    if (known.partner === party && known.command === command) return known;
    throw new Problem('conflict', `${commandId} is the id of another command`);
  }

  /** @returns whether it has changed anything. */
  private async take(commandId: string, step: SentCommandStep, operator: string): Promise<boolean> {
    const handled = await this.commands.handle(sentCommandStream(commandId), step, { cause: `${commandId}@${step.kind}`, operator });
    return handled.accepted && handled.events.length > 0;
  }
}

function sentOrderOf(order: Asked, reservationId: string | undefined, issued: IssuedToken | undefined): SentOrder {
  if (!('token' in order)) return order;
  const { token: _, ...rest } = order;
  return { ...rest, ...(reservationId === undefined ? {} : { reservationId }), ...(issued === undefined ? {} : { token: issued }) };
}

function answerIn(exchange: Exchange, { partnerId, registration }: RegisteredPartner, order: Asked): SentCommandStep {
  const at = now();
  if (exchange.kind === 'unreachable') return { kind: 'unanswered', reason: exchange.reason.slice(0, 500), at };
  const { outcome, httpStatus } = exchange;
  if (outcome.kind === 'transient') return { kind: 'unanswered', reason: outcome.reason.slice(0, 500), at };
  if (outcome.kind === 'unauthorized') return { kind: 'not-taken', reason: `HTTP ${httpStatus}`, at };
  if (outcome.kind === 'refused')
    return { kind: 'not-taken', reason: `OCPI ${outcome.statusCode} ${outcome.message}`.trim().slice(0, 500), at };
  const { commands, profiles } = ocpiVersions[registration.version];
  const isProfile = isAskedProfile(order) && profiles !== undefined;
  const said = soleOf(outcome.data);
  const read = isProfile ? readProfileAnswer(profiles, order, said) : commands.response.read(said, { owner: '' });
  if (!read.ok) return { kind: 'unanswered', reason: `its answer to ${order.command} cannot be read: ${read.reason}`.slice(0, 500), at };
  if ('isFinal' in read.value && read.value.isFinal) return { kind: 'conclude', partnerId, result: read.value.result, at };
  return { kind: 'answer', ...wordOf(read.value), timeoutSeconds: read.value.timeout ?? COMMAND_TIMEOUT_SECONDS, at };
}

/** What a partner says of a command, and why. */
export function wordOf({ result, message = [] }: Pick<CommandResult, 'result' | 'message'>): Word {
  const [text] = message;
  return { result, ...(text === undefined ? {} : { reason: text.text }) };
}

function wireOf(token: TokenRecord): WireToken {
  const said = canonical.token.write(token);
  if (!said.ok) throw new Problem('invalid', said.reason);
  return said.wire;
}

function now(): string {
  return new Date().toISOString();
}
