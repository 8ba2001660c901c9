import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareCertificates } from './certificates';

it('the certificates of a laptop are drawn once, for the owner only, and again for another name or a lost authority', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'evenkeel-laptop-certificates-'));
  const { authorityFolder, tlsFolder, rootFile } = await prepareCertificates(folder, 'Chargem', '127.0.0.1');
  const served = () => Promise.all(['ecdsa.crt', 'rsa.crt'].map((name) => readFile(join(tlsFolder, name), 'utf8')));
  const first = await served();
  await prepareCertificates(folder, 'Chargem', '127.0.0.1');
  expect(await served()).toEqual(first);
  for (const name of ['ecdsa.key', 'rsa.key']) expect((await stat(join(tlsFolder, name))).mode & 0o077).toBe(0);
  expect(await readFile(join(tlsFolder, 'client-roots.crt'), 'utf8')).toBe(await readFile(rootFile, 'utf8'));

  await prepareCertificates(folder, 'Chargem', '192.0.2.7');
  const second = await served();
  expect(new X509Certificate(second[0] ?? '').checkIP('192.0.2.7')).toBe('192.0.2.7');
  await rm(authorityFolder, { recursive: true });
  await prepareCertificates(folder, 'Chargem', '192.0.2.7');
  expect(await served()).not.toEqual(second);
  await rm(folder, { recursive: true });
});
