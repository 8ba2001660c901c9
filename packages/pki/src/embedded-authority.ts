// The embedded certificate authority: a root, a subordinate authority that signs (both ECDSA P-256), and a book of what was signed and
// revoked, in one folder. For one process: a company with several pods, or with auditors, connects its own authority instead.
import 'reflect-metadata';
import { createPrivateKey, type KeyObject, randomBytes, webcrypto, X509Certificate } from 'node:crypto';
import { appendFile, mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CRLReasons } from '@peculiar/asn1-x509';
import {
  AuthorityInfoAccessExtension,
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Name,
  X509Certificate as ParsedCertificate,
  Pkcs10CertificateRequest,
  type PublicKeyType,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { toPem, withoutLeadingZeroes } from './certificate';
import type { CertificateAuthority, CertificatePurpose, RevocationReason } from './certificate-authority';
import type { CertificateRequest } from './certificate-request';
import { issuerHashes } from './hash-data';
import { type CertificateId, ocspResponse, type RevocationStatus, readOcspRequest } from './ocsp-messages';

export interface EmbeddedAuthorityOptions {
  /** O of the authorities themselves. */
  readonly organization: string;
  readonly stationDays?: number;
  /** Where its OCSP answers can be had, to be named in stations' certificates. */
  readonly responderUrl?: string;
  readonly now?: () => Date;
}

export interface ServerIdentity {
  /** PEM, leaf first, without the root. */
  readonly chain: string;
  readonly key: string;
}

interface Authority {
  readonly certificate: X509Certificate;
  readonly key: KeyObject;
}

interface Entry {
  readonly serialNumber: string;
  readonly revokedAt?: string;
  readonly reason?: RevocationReason;
}

const DAY_MS = 86_400_000;
/** A station whose clock is slow must not take its new certificate for one of the future. */
const BACKDATED_MS = DAY_MS;
const ROOT_DAYS = 7_300;
const SUBORDINATE_DAYS = 3_650;
const SERVER_DAYS = 397;
const STATION_DAYS = 365;
const ANSWER_VALID_MS = 3_600_000;
const EC_KEY = { name: 'ECDSA', namedCurve: 'P-256' };
const RSA_KEY = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', publicExponent: new Uint8Array([1, 0, 1]), modulusLength: 2_048 };
const SIGNING = { name: 'ECDSA', hash: 'SHA-256' };
const CLIENT_AUTHENTICATION = '1.3.6.1.5.5.7.3.2';
const SERVER_AUTHENTICATION = '1.3.6.1.5.5.7.3.1';

export class EmbeddedAuthority implements CertificateAuthority {
  private constructor(
    private readonly folder: string,
    private readonly rootAuthority: Authority,
    private readonly subordinate: Authority,
    private readonly book: Map<string, Entry>,
    private readonly options: EmbeddedAuthorityOptions,
  ) {}

  /** Opens the authority of the folder, or founds it there. */
  static async open(folder: string, options: EmbeddedAuthorityOptions): Promise<EmbeddedAuthority> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const root = (await readAuthority(folder, 'root')) ?? (await found(folder, 'root', options));
    const subordinate = (await readAuthority(folder, 'sub')) ?? (await found(folder, 'sub', options, root));
    return new EmbeddedAuthority(folder, root, subordinate, await readBook(folder), options);
  }

  /** PEM of what stations and gateways must trust. */
  get root(): string {
    return this.rootAuthority.certificate.toString();
  }

  get issuers(): readonly X509Certificate[] {
    return [this.subordinate.certificate, this.rootAuthority.certificate];
  }

  async sign(request: CertificateRequest, _purpose: CertificatePurpose): Promise<string> {
    const { subjectName, publicKey } = new Pkcs10CertificateRequest(request.pem);
    const { stationDays = STATION_DAYS, responderUrl } = this.options;
    return this.issue(subjectName, publicKey, stationDays, [
      ...(responderUrl === undefined ? [] : [new AuthorityInfoAccessExtension({ ocsp: [responderUrl] })]),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyAgreement, true),
      new ExtendedKeyUsageExtension([CLIENT_AUTHENTICATION]),
    ]);
  }

  /** A certificate for a server of ours. @param names DNS names or IP addresses; the first one is the CN too. */
  async issueServer(names: readonly [string, ...string[]], kind: 'ecdsa' | 'rsa'): Promise<ServerIdentity> {
    const keys =
      kind === 'rsa'
        ? await webcrypto.subtle.generateKey(RSA_KEY, true, ['sign', 'verify'])
        : await webcrypto.subtle.generateKey(EC_KEY, true, ['sign', 'verify']);
    // Key encipherment is what the suites without ECDHE do with the RSA key.
    const usage = kind === 'rsa' ? KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment : KeyUsageFlags.digitalSignature;
    const chain = await this.issue(new Name([{ CN: [names[0]] }, { O: [this.options.organization] }]), keys.publicKey, SERVER_DAYS, [
      new KeyUsagesExtension(usage, true),
      new ExtendedKeyUsageExtension([SERVER_AUTHENTICATION]),
      new SubjectAlternativeNameExtension(names.map((value) => ({ type: /^[\d.]+$|:/.test(value) ? 'ip' : 'dns', value }))),
    ]);
    return { chain, key: await privatePem(keys.privateKey) };
  }

  async revoke(serialNumber: string, reason: RevocationReason): Promise<void> {
    const serial = withoutLeadingZeroes(serialNumber);
    if (this.book.get(serial)?.revokedAt !== undefined) return;
    await this.note({ serialNumber: serial, revokedAt: this.now().toISOString(), reason });
  }

  async ocsp(request: Buffer): Promise<Buffer | undefined> {
    const [id, ...more] = readOcspRequest(request);
    const issuer = [this.subordinate, this.rootAuthority].find(({ certificate }) => id && isIssuer(certificate, id));
    if (!id || more.length > 0 || !issuer) return undefined;
    const thisUpdate = this.now();
    const validity = { thisUpdate, nextUpdate: new Date(thisUpdate.getTime() + ANSWER_VALID_MS) };
    return ocspResponse(id, this.statusOf(withoutLeadingZeroes(id.serialNumber)), issuer, validity);
  }

  private statusOf(serialNumber: string): RevocationStatus {
    const entry = this.book.get(serialNumber);
    if (!entry) {
      const own = withoutLeadingZeroes(this.subordinate.certificate.serialNumber) === serialNumber;
      return { status: own ? 'good' : 'unknown' };
    }
    if (entry.revokedAt === undefined) return { status: 'good' };
    return { status: 'revoked', at: new Date(entry.revokedAt), reason: CRLReasons[entry.reason ?? 'unspecified'] };
  }

  private async issue(subject: Name, publicKey: PublicKeyType, days: number, extensions: Extension[]): Promise<string> {
    const { certificate: issuer } = this.subordinate;
    const certificate = await generate({ subject, publicKey, days, extensions, now: this.now() }, issuerOf(this.subordinate));
    await this.note({ serialNumber: withoutLeadingZeroes(certificate.serialNumber) });
    return certificate.toString() + issuer.toString();
  }

  /** Written before it counts: a revocation that a crash undoes would be none. */
  private async note(entry: Entry): Promise<void> {
    await appendFile(join(this.folder, 'book.jsonl'), `${JSON.stringify(entry)}\n`, { mode: 0o600, flush: true });
    this.book.set(entry.serialNumber, entry);
  }

  private now(): Date {
    return this.options.now?.() ?? new Date();
  }
}

async function found(folder: string, name: 'root' | 'sub', options: EmbeddedAuthorityOptions, issuer?: Authority): Promise<Authority> {
  const keys = await webcrypto.subtle.generateKey(EC_KEY, true, ['sign', 'verify']);
  const subject = new Name([{ CN: [name === 'root' ? 'Root CA' : 'Sub CA'] }, { O: [options.organization] }]);
  const key = await privatePem(keys.privateKey);
  const extensions = [
    new BasicConstraintsExtension(true, name === 'root' ? 1 : 0, true),
    new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign | KeyUsageFlags.digitalSignature, true),
  ];
  const certificate = await generate(
    { subject, publicKey: keys.publicKey, days: issuer ? SUBORDINATE_DAYS : ROOT_DAYS, extensions, now: options.now?.() ?? new Date() },
    issuer ? issuerOf(issuer) : { key: createPrivateKey(key), name: subject, publicKey: keys.publicKey },
  );
  // The key first: a certificate without its key would be taken for a founded authority.
  await writeFile(join(folder, `${name}.key`), key, { mode: 0o600 });
  await writeFile(join(folder, `${name}.crt`), certificate.toString());
  return { certificate, key: createPrivateKey(key) };
}

interface Wanted {
  readonly subject: Name;
  readonly publicKey: PublicKeyType;
  readonly days: number;
  readonly extensions: readonly Extension[];
  readonly now: Date;
}

interface Issuer {
  readonly key: KeyObject;
  readonly name: Name;
  readonly publicKey: PublicKeyType;
}

function issuerOf({ certificate, key }: Authority): Issuer {
  const { subjectName: name, publicKey } = new ParsedCertificate(new Uint8Array(certificate.raw));
  return { key, name, publicKey };
}

async function generate({ subject, publicKey, days, extensions, now }: Wanted, issuer: Issuer): Promise<X509Certificate> {
  const signingKey = await webcrypto.subtle.importKey('pkcs8', issuer.key.export({ format: 'der', type: 'pkcs8' }), EC_KEY, false, [
    'sign',
  ]);
  const generated = await X509CertificateGenerator.create({
    // Positive, and never with leading zeroes.
    serialNumber: `4${randomBytes(16).toString('hex').slice(1)}`,
    subject,
    issuer: issuer.name,
    notBefore: new Date(now.getTime() - BACKDATED_MS),
    notAfter: new Date(now.getTime() + days * DAY_MS),
    publicKey,
    signingKey,
    signingAlgorithm: SIGNING,
    extensions: [
      ...extensions,
      await SubjectKeyIdentifierExtension.create(publicKey),
      await AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  return new X509Certificate(Buffer.from(generated.rawData));
}

async function privatePem(key: webcrypto.CryptoKey): Promise<string> {
  return toPem(new Uint8Array(await webcrypto.subtle.exportKey('pkcs8', key)), 'PRIVATE KEY');
}

async function readAuthority(folder: string, name: string): Promise<Authority | undefined> {
  const certificate = await readIfThere(join(folder, `${name}.crt`));
  if (certificate === undefined) return undefined;
  return {
    certificate: new X509Certificate(certificate),
    key: createPrivateKey(await readFile(join(folder, `${name}.key`), 'utf8')),
  };
}

async function readBook(folder: string): Promise<Map<string, Entry>> {
  const file = join(folder, 'book.jsonl');
  const text = (await readIfThere(file)) ?? '';
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  // A line that a crash has cut short was never answered for; the next one must not be written behind it.
  if (whole !== text) await truncate(file, Buffer.byteLength(whole));
  const entries = whole
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Entry);
  return new Map(entries.map((entry) => [entry.serialNumber, entry]));
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function isIssuer(certificate: X509Certificate, id: CertificateId): boolean {
  const { issuerNameHash, issuerKeyHash } = issuerHashes(certificate, id.hashAlgorithm.toLowerCase());
  return issuerNameHash === id.issuerNameHash.toLowerCase() && issuerKeyHash === id.issuerKeyHash.toLowerCase();
}
