import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { matrixRows } from './ocpp-rules';
import { pages } from './pages';
import { testTitles } from './test-titles';

const root = join(__dirname, '..', '..', '..', '..');
const titles = testTitles(root);

describe.each(Object.entries(pages))('%s', (path, pageOf) => {
  const page = pageOf(titles);

  it('has for every action, interface, rule and case a test that names it, or a reason why not', () => {
    expect(page.missing).toEqual([]);
    expect(page.stale).toEqual([]);
  });

  it('is as the tests are; `npm run conformance` writes it anew', () => {
    expect(readFileSync(join(root, path), 'utf8')).toBe(page.text);
  });
});

it('knows every action of the schemas: 28 of OCPP 1.6 and 11 of its security extension, 64 of 2.0.1, 91 of 2.1, DataTransfer both ways', () => {
  const count = (version: string) => matrixRows().filter((row) => row.version === version).length;
  expect(['1.6', '1.6-sec', '2.0.1', '2.1'].map(count)).toEqual([29, 11, 65, 92]);
});
