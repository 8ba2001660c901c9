// Takes a CDR that a CPO has issued for one of our drivers, whether it was posted to us or found in the CPO's list: once, however often it is met
// (OCPI 2.2.1 mod_cdrs).
import { idOf, type PartyKey, partyKey } from '@evenkeel/contracts';
import { canonical, contractOf, fingerprintOf, knownFields, OcpiProblem, type OcpiVersion, type WireCdr } from '@evenkeel/ocpi';
import type { Bearers } from '../bearer/bearers';
import { ownedBody } from '../http/ownership';
import { partnerCdrStream } from './partner-cdr';
import type { PartnerRecords } from './partner-records';

export class ReceivedCdrs {
  constructor(
    private readonly records: PartnerRecords,
    private readonly bearers: Bearers,
  ) {}

  /** @throws OcpiProblem 2001 for one that cannot be understood, or that is here already and says something else. */
  async take(partnerId: string, version: OcpiVersion, owner: PartyKey, body: unknown): Promise<{ cdr: WireCdr; isNew: boolean }> {
    const sent = ownedBody(version.cdr, body, owner, await this.bearers.tokenOfContract(contractOf(body)));
    checkUnderstood(sent, partnerId);
    const fingerprint = this.bearers.fingerprint(fingerprintOf(sent));
    // What else it says (a remark, signed data) may name the driver: the fingerprint tells it again, which is all that a repetition needs.
    const { signed_data: _, ...known } = knownFields(canonical.cdr.schema, sent);
    const cdr = { ...known, cdr_token: this.bearers.hidden(sent.cdr_token) };
    const stream = partnerCdrStream(owner, cdr.id);
    const received = { kind: 'receive', partnerId, version: version.number, cdr, fingerprint } as const;
    const handled = await this.records.cdrs.handle(stream, received, { cause: idOf(stream, fingerprint) });
    if (!handled.accepted) throw OcpiProblem.invalid(`CDR ${cdr.id} is here already and says something else`);
    return { cdr, isNew: handled.events.length > 0 };
  }
}

/** A CDR that we could not say on is refused now, while its sender listens. */
function checkUnderstood(cdr: WireCdr, partnerId: string): void {
  try {
    const { party } = canonical.cdr.read(cdr, partnerId, { key: '', type: 'OTHER' });
    if (party !== partyKey(cdr.country_code, cdr.party_id)) throw new RangeError('the owner is not a party');
  } catch (error) {
    if (error instanceof RangeError) throw OcpiProblem.invalid(error.message);
    throw error;
  }
}
