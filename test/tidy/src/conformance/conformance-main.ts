// `npm run conformance`: writes packages/ocpp/CONFORMANCE.md, and tells what it lacks.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { conformancePage } from './page';
import { testTitles } from './test-titles';

const root = join(__dirname, '..', '..', '..', '..');
const { text, missing, stale } = conformancePage(testTitles(root));
writeFileSync(join(root, 'packages', 'ocpp', 'CONFORMANCE.md'), text);
if (missing.length > 0) process.stdout.write(`no test names: ${missing.join(', ')}\n`);
if (stale.length > 0) process.stdout.write(`has a test and a reason for none: ${stale.join(', ')}\n`);
if (missing.length + stale.length > 0) process.exitCode = 1;
