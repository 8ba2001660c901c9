// The registry's answers for the two demonstration networks, straight from their files: who may charge, where, and at what price.
import { readFileSync } from 'node:fs';
import {
  type ChargingTerms,
  type ChargingTermsRequest,
  IdentityHash,
  type PartyKey,
  type PresentedToken,
  splitPartyKey,
  type TokenAuthorization,
  type TokenRecord,
  type TokenReference,
} from '@evenkeel/contracts';
import { type NetworkFile, parseNetworkFile, stationsOf } from '@evenkeel/registry';
import { localVerdict } from '@evenkeel/registry/dist/authorization/token-verdict';
import { placeOf } from '@evenkeel/registry/dist/terms/terms-desk';

const own = networkOf('chargem');
const partner = networkOf('mobilityyou');
const stations = new Map([...stationsOf(own)].map((station) => [station.stationId, station]));
const tokens: readonly TokenRecord[] = [own, partner].flatMap(({ party, tokens: listed }) =>
  listed.map((token) => ({ ...token, party, lastUpdated: '2026-01-01T08:00:00.000Z' })),
);

/** Every charge point of the operator's network, in the order of the file. */
export const stationIds: readonly string[] = [...stations.keys()];

/** As the gateway and the registry hash. */
export const identity = new IdentityHash('1d'.repeat(32));
export const party: PartyKey = own.party;
export const drivers = {
  own: uidOf(own, true),
  refused: uidOf(own, false),
  roaming: uidOf(partner, true),
} as const;

/** @param at the judgement depends on the day because tokens expire. */
export function authorize(presented: PresentedToken, at: string): TokenAuthorization {
  return judge(identity.referenceTo(presented), at);
}

/** Who is behind a reference, as the bridge asks for it. */
export function bearerOf({ key }: Pick<TokenReference, 'key'>): TokenRecord | undefined {
  return tokens.find(({ uid }) => identity.tokenKey(uid) === key);
}

function judge(reference: TokenReference, at: string): TokenAuthorization {
  const token = bearerOf(reference);
  const local = localVerdict(token, token?.party === party, at);
  if (!token) return { verdict: local.verdict };
  if (local.ask === 'never') return { verdict: local.verdict, token };
  // The issuer is asked, to whom the token is one of its own.
  return { verdict: localVerdict(token, true, at).verdict, token, authorizationReference: `AUTH-${token.uid}` };
}

export function agreeTerms({ stationId, evseId, token, at }: ChargingTermsRequest): ChargingTerms {
  const station = stations.get(stationId);
  const evse = station?.evses.find((each) => evseId === undefined || each.evseId === evseId);
  const connector = evse?.connectors[0];
  const site = own.sites.find(({ locationId }) => locationId === station?.locationId);
  const tariff = own.tariffs.find(({ id }) => id === connector?.tariffId);
  if (!evse || !connector || !site || !tariff) throw new Error(`${stationId}/${evseId ?? '?'} is not in the network file`);
  const { stations: _, ...location } = site;
  const payer = token && payerOf(token, at);
  return {
    agreedFor: at,
    ...(token ? { token } : {}),
    place: placeOf({ ...location, party }, evse, connector),
    tariff: { ...splitPartyKey(party), ...tariff },
    ...(payer ? { payer } : {}),
  };
}

function payerOf(reference: TokenReference, at: string): ChargingTerms['payer'] {
  const { token, verdict, authorizationReference } = judge(reference, at);
  if (!token) return undefined;
  const payer = { party: token.party, key: reference.key, type: token.type, verdict };
  return authorizationReference === undefined
    ? { ...payer, authMethod: 'WHITELIST' }
    : { ...payer, authMethod: 'AUTH_REQUEST', authorizationReference };
}

function networkOf(name: 'chargem' | 'mobilityyou'): NetworkFile {
  return parseNetworkFile(readFileSync(require.resolve(`@evenkeel/local/networks/${name}.json`), 'utf8'));
}

function uidOf({ tokens: listed }: NetworkFile, valid: boolean): string {
  const token = listed.find((one) => one.valid === valid);
  if (!token) throw new Error(`the network file has no token that is ${valid ? 'valid' : 'refused'}`);
  return token.uid;
}
