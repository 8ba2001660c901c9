// `npm run conformance`: writes the pages of OCPP and OCPI, and tells what they lack.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pages } from './pages';
import { testTitles } from './test-titles';

const root = join(__dirname, '..', '..', '..', '..');
const titles = testTitles(root);
for (const [path, pageOf] of Object.entries(pages)) {
  const { text, missing, stale } = pageOf(titles);
  writeFileSync(join(root, path), text);
  if (missing.length > 0) process.stdout.write(`${path}: no test names ${missing.join(', ')}\n`);
  if (stale.length > 0) process.stdout.write(`${path}: has a test and a reason for none: ${stale.join(', ')}\n`);
  if (missing.length + stale.length > 0) process.exitCode = 1;
}
