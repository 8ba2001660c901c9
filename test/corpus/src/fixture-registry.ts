// What the registry answers in the world of a fixture: its tokens, its one place, its tariff.
import {
  type ChargingTerms,
  type ChargingTermsRequest,
  type IdentityHash,
  type PartyKey,
  type PresentedToken,
  Problem,
  type SessionFixture,
  splitPartyKey,
  type TokenAuthorization,
} from '@evenkeel/contracts';

const OTHER_PARTY: PartyKey = 'US-MOB';

export class FixtureRegistry {
  constructor(
    private readonly fixture: SessionFixture,
    private readonly party: PartyKey,
    private readonly identity: IdentityHash,
  ) {}

  authorize({ uid }: PresentedToken): TokenAuthorization {
    const token = this.fixture.tokens.find((one) => one.uid.toLowerCase() === uid.toLowerCase());
    return { verdict: token?.verdict ?? 'Invalid' };
  }

  /** @throws Problem while nobody can tell the price. */
  terms({ at, evseId, token }: ChargingTermsRequest, now: string): ChargingTerms {
    const { connectors, tariff, tariffKnownFrom, timeZone } = this.fixture;
    if (tariffKnownFrom !== undefined && now < tariffKnownFrom) throw new Problem('unavailable', 'the connector has no tariff');
    const connector = connectors.find((one) => one.evseId === (evseId ?? connectors[0]?.evseId));
    if (!connector) throw new Problem('not-found', `the fixture has no EVSE ${evseId}`);
    const payer = token && this.payerOf(token);
    return {
      agreedFor: at,
      ...(token ? { token } : {}),
      place: {
        ...{ locationId: 'LOCATION', name: 'Somewhere', address: '1 Street', city: 'Town', country: 'USA', latitude: '0', longitude: '0' },
        timeZone,
        evseUid: `EVSE-${connector.evseId}`,
        connectorId: String(connector.connectorId),
        connectorStandard: connector.standard,
        connectorFormat: connector.format,
        connectorPowerType: connector.powerType,
        ...(connector.maxPowerW === undefined ? {} : { connectorMaxPowerW: connector.maxPowerW }),
      },
      tariff: { ...splitPartyKey(this.party), ...tariff },
      ...(payer ? { payer } : {}),
    };
  }

  private payerOf({ key, type }: NonNullable<ChargingTermsRequest['token']>): ChargingTerms['payer'] {
    const token = this.fixture.tokens.find(({ uid }) => this.identity.tokenKey(uid) === key);
    if (!token || token.payer === 'unknown') return undefined;
    const { verdict } = token;
    return token.payer === 'own'
      ? { party: this.party, key, type, verdict, authMethod: 'WHITELIST' }
      : { party: OTHER_PARTY, key, type, verdict, authMethod: 'AUTH_REQUEST', authorizationReference: 'AUTHORIZED' };
  }
}
