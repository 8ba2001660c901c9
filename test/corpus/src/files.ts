// The files of the corpus.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SessionFixture } from '@evenkeel/contracts';

const folder = join(__dirname, '..', 'sessions');

export const files = readdirSync(folder)
  .sort()
  .map((name) => ({ name, fixture: JSON.parse(readFileSync(join(folder, name), 'utf8')) as SessionFixture }));
