// Takes a whole session that a CPO reports about one of our drivers, whether it was put to us or found in the CPO's list (OCPI 2.2.1 mod_sessions).
import { randomUUID } from 'node:crypto';
import type { PartyKey } from '@evenkeel/contracts';
import { canonical, contractOf, knownFields, OcpiProblem, type OcpiVersion } from '@evenkeel/ocpi';
import type { Bearers } from '../bearer/bearers';
import type { CommandSender } from '../commands/command-sender';
import { checkId, ownedBody } from '../http/ownership';
import type { PartnerRecords } from './partner-records';
import { type PartnerSessionCommand, partnerSessionStream } from './partner-session';

export class ReceivedSessions {
  constructor(
    private readonly records: PartnerRecords,
    private readonly bearers: Bearers,
    private readonly commands: CommandSender,
  ) {}

  /**
   * @param id that it must have, where its address names one.
   * @returns whether it was unknown.
   * @throws OcpiProblem 2001 for one that cannot be understood.
   */
  async put(partnerId: string, version: OcpiVersion, owner: PartyKey, body: unknown, id?: string): Promise<boolean> {
    const sent = ownedBody(version.session, body, owner, await this.bearers.tokenOfContract(contractOf(body)));
    if (id !== undefined) checkId(sent.id, id);
    const session = { ...knownFields(canonical.session.schema, sent), cdr_token: this.bearers.hidden(sent.cdr_token) };
    const isNew = await this.take(owner, sent.id, { kind: 'put', partnerId, version: version.number, session });
    await this.commands.sessionCame(owner, session);
    return isNew;
  }

  /** @returns whether it was unknown. @throws OcpiProblem 404 for a PATCH of one that is, 2001 for one that does not fit. */
  async take(owner: PartyKey, id: string, command: PartnerSessionCommand): Promise<boolean> {
    const handled = await this.records.sessions.handle(partnerSessionStream(owner, id), command, { cause: randomUUID() });
    if (handled.accepted) return handled.revision === 0 && handled.events.length > 0;
    if (handled.rejection.reason === 'unknown') throw OcpiProblem.missing('there is no such session to patch: PUT it');
    throw OcpiProblem.invalid(handled.rejection.detail);
  }
}
