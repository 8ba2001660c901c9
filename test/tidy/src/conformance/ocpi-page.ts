// The page of OCPI: packages/ocpi/CONFORMANCE.md.
import { groups, reasons } from './ocpi-rules';
import { type Coverage, Evidence } from './page';
import type { TestTitle } from './test-titles';

export function ocpiPage(titles: readonly TestTitle[]): Coverage {
  const evidence = new Evidence(titles, reasons);
  const lines = [
    '# Conformance',
    '',
    'Written by `npm run conformance` from the titles of the tests; `npm test` fails when it is stale. First the interfaces of each module, as OCPI',
    '2.1.1, 2.2.1 and 2.3.0 have them and as a platform that is CPO or eMSP serves and calls them; then the rules that implementations get wrong. A',
    'test that runs in several versions says so in its title.',
  ];
  for (const [group, rows] of Object.entries(groups)) {
    lines.push('', `## ${group}`, '', '| id | what | shown by |', '| --- | --- | --- |');
    for (const [id, what] of Object.entries(rows)) lines.push(`| ${id} | ${what} | ${evidence.of(id)} |`);
  }
  return evidence.page(lines);
}
