// A certification authority for specs: it signs what a station asks for, with the openssl of the machine.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class TestAuthority {
  private readonly folder = mkdtempSync(join(tmpdir(), 'authority-'));
  readonly root: string;

  constructor() {
    const subject = ['-subj', '/O=Evenkeel/CN=Test Root'];
    this.openssl(
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '30',
      ...subject,
      '-keyout',
      'root.key',
      '-out',
      'root.pem',
    );
    this.root = this.read('root.pem');
  }

  /** The subject that the request asks for; openssl has checked its signature. */
  subjectOf(csr: string): string {
    writeFileSync(this.path('asked.csr'), csr);
    return this.openssl('req', '-in', 'asked.csr', '-verify', '-noout', '-subject');
  }

  sign(csr: string): string {
    writeFileSync(this.path('asked.csr'), csr);
    this.openssl(
      'x509',
      '-req',
      '-in',
      'asked.csr',
      '-CA',
      'root.pem',
      '-CAkey',
      'root.key',
      '-CAcreateserial',
      '-days',
      '10',
      '-out',
      'leaf.pem',
    );
    return this.read('leaf.pem');
  }

  /** Key and certificate of a server on this machine. */
  serverCertificate(): { readonly key: string; readonly cert: string } {
    this.openssl(
      'req',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-subj',
      '/CN=127.0.0.1',
      '-addext',
      'subjectAltName=IP:127.0.0.1',
      '-keyout',
      'server.key',
      '-out',
      'server.csr',
    );
    this.openssl(
      'x509',
      '-req',
      '-in',
      'server.csr',
      '-CA',
      'root.pem',
      '-CAkey',
      'root.key',
      '-CAcreateserial',
      '-copy_extensions',
      'copy',
      '-days',
      '10',
      '-out',
      'server.pem',
    );
    return { key: this.read('server.key'), cert: this.read('server.pem') };
  }

  /** What OCSP calls this certificate, as `openssl` computes it with SHA-256. */
  hashDataOf(pem: string): { readonly issuerNameHash: string; readonly issuerKeyHash: string; readonly serialNumber: string } {
    writeFileSync(this.path('named.pem'), pem);
    const text = this.openssl('ocsp', '-sha256', '-issuer', 'root.pem', '-cert', 'named.pem', '-req_text');
    const field = (name: string) => new RegExp(`${name}: ([0-9A-F]+)`).exec(text)?.[1]?.toLowerCase() ?? '';
    return {
      issuerNameHash: field('Issuer Name Hash'),
      issuerKeyHash: field('Issuer Key Hash'),
      serialNumber: field('Serial Number').replace(/^0+/, ''),
    };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  private openssl(...args: readonly string[]): string {
    return execFileSync('openssl', args, { cwd: this.folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  }

  private read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  private path(name: string): string {
    return join(this.folder, name);
  }
}
