// Brings a network file into the streams. A stream that has begun stays as it is: importing again writes nothing, and an operator's later
// changes are not undone by it.
import { createHash } from 'node:crypto';
import { eventIdOf, idOf, type StationRegistration, splitPartyKey } from '@evenkeel/contracts';
import { type Codec, type DomainEvent, type EventStore, type NewEvent, WrongExpectedRevision } from '@evenkeel/event-store';
import { type AnyDocumentEvent, documentCodec, documentStream } from '../catalogue/catalogue';
import { type IdentityEvent, identityCodec } from '../identity/identity';
import type { IdentityVault } from '../identity/identity-vault';
import { hashApiKey, hashPassword, operatorCodec, operatorStream } from '../operator/operator';
import { passwordHashes } from '../station/password';
import { stationCodec } from '../station/station';
import { stationStream } from '../station/station-desk';
import { type NetworkFile, stationsOf } from './network-file';

/** Appends in flight at once. */
const IN_FLIGHT = 64;
const CAUSE = 'network-import';

/** @returns how many streams the file names, or 0 when exactly this file was imported before. */
export async function importNetwork(
  store: EventStore,
  vault: IdentityVault,
  file: NetworkFile,
  secret: string,
  at: string,
): Promise<number> {
  const digest = createHash('sha256').update(JSON.stringify(file)).digest('hex');
  const marker = `network-${digest}`;
  if (await store.readLast(marker)) return 0;
  const identities = await identitiesOf(file, vault, at);
  const beginnings = [...documents(file), ...identities, ...stations(file, secret), ...(await operators(file))];
  const work = beginnings[Symbol.iterator]();
  const worker = async () => {
    for (const { stream, event } of work) await begin(store, stream, event);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  await begin(store, marker, { id: idOf(marker), type: 'NetworkImported', data: { party: file.party, streams: beginnings.length } });
  return beginnings.length;
}

interface Beginning {
  stream: string;
  event: NewEvent;
}

function* documents({ party, sites, tariffs }: NetworkFile): Generator<Beginning> {
  const { countryCode, partyId } = splitPartyKey(party);
  for (const { stations: _, ...site } of sites) {
    yield document(documentStream('location', party, site.locationId), { kind: 'location', document: { ...site, party } });
  }
  for (const tariff of tariffs) {
    yield document(documentStream('tariff', party, tariff.id), { kind: 'tariff', document: { ...tariff, countryCode, partyId } });
  }
}

async function identitiesOf({ party, drivers, tokens }: NetworkFile, vault: IdentityVault, at: string): Promise<Beginning[]> {
  const registered = drivers.map(async (driver): Promise<Beginning> => {
    const event: IdentityEvent = { type: 'DriverRegistered', data: await vault.sealDriver({ ...driver, party }) };
    return beginning(identityCodec, vault.driverStream(party, driver.driverId), event);
  });
  const sealed = await vault.sealTokens(tokens.map((token) => ({ token: { ...token, party, lastUpdated: at } })));
  const issued = sealed.map((data) => beginning(identityCodec, vault.tokenStream(data), { type: 'TokenRegistered', data }));
  return [...(await Promise.all(registered)), ...issued];
}

function document(stream: string, data: AnyDocumentEvent['data']): Beginning {
  return beginning(documentCodec, stream, { type: 'DocumentRegistered', data } as AnyDocumentEvent);
}

function* stations(file: NetworkFile, secret: string): Generator<Beginning> {
  for (const registration of stationsOf(file)) yield stationBeginning(registration, secret);
}

function stationBeginning({ password, ...registration }: StationRegistration, secret: string): Beginning {
  const station = { versions: ['1.6' as const], securityProfile: 1, registration: 'accepted' as const, ...registration };
  const data = { station, passwordHashes: password === undefined ? [] : passwordHashes(password, secret) };
  return beginning(stationCodec, stationStream(registration.stationId), { type: 'StationRegistered', data });
}

async function operators(file: NetworkFile): Promise<Beginning[]> {
  const people = file.operators.map(async ({ username, role, password }) => {
    const data = { username, role, passwordHash: await hashPassword(password) };
    return beginning(operatorCodec, operatorStream(username), { type: 'OperatorRegistered', data });
  });
  const machines = file.apiKeys.map(({ name, role, key }) => {
    const data = { username: name, role, keyHash: hashApiKey(key) };
    return beginning(operatorCodec, operatorStream(name), { type: 'ApiKeyRegistered', data });
  });
  return [...(await Promise.all(people)), ...machines];
}

function beginning<E extends DomainEvent>(codec: Codec<E>, stream: string, event: E): Beginning {
  return { stream, event: codec.encode(event, eventIdOf(idOf(CAUSE, stream), 0), { causedBy: CAUSE, operator: CAUSE }) };
}

async function begin(store: EventStore, stream: string, event: NewEvent): Promise<void> {
  try {
    await store.append(stream, 'no-stream', [event]);
  } catch (error) {
    if (!(error instanceof WrongExpectedRevision)) throw error;
  }
}
