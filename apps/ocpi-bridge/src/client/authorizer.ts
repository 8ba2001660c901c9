// Asks the eMSP behind a token whether it may charge, while a driver waits (OCPI 2.2.1 mod_tokens, POST authorize).
import { type PartnerAuthorization, type PartnerAuthorizationRequest, Problem } from '@evenkeel/contracts';
import { canonical, type LocationReferences, ocpiVersions, soleOf, statusCodes } from '@evenkeel/ocpi';
import { partnerEndpoint } from '../interfaces';
import type { PartnerView } from '../partner/partner-view';
import type { TokenVault } from '../partner/token-vault';
import type { PartnerClient } from './partner-client';

/** Less than the asker's own deadline, so that it hears why nobody answered. */
const DEADLINE_MS = 5_000;

export class Authorizer {
  constructor(
    private readonly partners: PartnerView,
    private readonly client: PartnerClient,
    private readonly vault: TokenVault,
  ) {}

  /** @throws Problem `unavailable` where the eMSP cannot be asked: the caller then decides by the token's whitelist. */
  async authorize({ party, token, locationId, evseUid }: PartnerAuthorizationRequest): Promise<PartnerAuthorization> {
    const partner = await this.partners.partnerOf(party, 'EMSP');
    if (!partner) throw new Problem('not-found', `${party} is no eMSP that we know`);
    if (partner.away !== undefined) throw new Problem('unavailable', `${party} is ${partner.away} behind its hub`);
    const endpoint = partnerEndpoint(partner.registration.endpoints, 'CPO', 'tokens');
    if (endpoint === undefined) throw new Problem('unavailable', `${party} cannot be asked in real time`);
    const body: LocationReferences | undefined =
      locationId === undefined ? undefined : { location_id: locationId, ...(evseUid === undefined ? {} : { evse_uids: [evseUid] }) };
    const { version: number } = partner.registration;
    const version = ocpiVersions[number];
    const type = `${number === '2.1.1' ? 'token_type' : 'type'}=${encodeURIComponent(token.type)}`;
    const exchange = await this.client.send({
      partnerId: partner.partnerId,
      urgent: true,
      method: 'POST',
      url: `${endpoint}/${encodeURIComponent(token.uid)}/authorize?${type}`,
      peer: partner.registration,
      token: this.vault.open(partner.registration.theirToken),
      to: party,
      deadlineMs: DEADLINE_MS,
      ...(body ? { body } : {}),
    });
    if (exchange.kind === 'unreachable') throw new Problem('unavailable', `${party} does not answer: ${exchange.reason}`);
    const { outcome, httpStatus } = exchange;
    const isOfTheEmsp = outcome.kind === 'refused' && outcome.statusCode < statusCodes.hubError;
    if (isOfTheEmsp && (outcome.statusCode === statusCodes.unknownToken || httpStatus === 404)) return { verdict: 'Invalid' };
    if (outcome.kind !== 'acknowledged') throw new Problem('unavailable', `${party} answered HTTP ${httpStatus}, ${outcome.kind}`);
    const info = version.authorization.read(soleOf(outcome.data), { owner: party });
    if (!info.ok) throw new Problem('unavailable', `${party} answered what we cannot read: ${info.reason}`);
    const { allowed, authorization_reference } = info.value;
    return {
      verdict: canonical.authorization.read(allowed),
      ...(authorization_reference === undefined ? {} : { authorizationReference: authorization_reference }),
    };
  }
}
