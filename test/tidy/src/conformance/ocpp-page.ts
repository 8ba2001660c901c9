// The page of OCPP: packages/ocpp/CONFORMANCE.md.
import { exceptions, ids, matrixRows, type Row } from './ocpp-rules';
import { type Coverage, Evidence } from './page';
import type { TestTitle } from './test-titles';

/** These hold every action of their direction against its schema, valid and invalid, in every version. */
const EVERY = {
  station: 'apps/ocpp-gateway/src/acceptance/every-call.spec.ts',
  CSMS: 'apps/ocpp-gateway/src/acceptance/every-command.spec.ts',
} as const;

export function ocppPage(titles: readonly TestTitle[]): Coverage {
  const evidence = new Evidence(titles, exceptions);
  const rows = matrixRows();
  const lines = [
    '# Conformance',
    '',
    'Written by `npm run conformance` from the schemas and from the titles of the tests; `npm test` fails when it is stale. Each action of each',
    `version is held against its schema, valid and invalid, in [every-call](../../${EVERY.station}) and [every-command](../../${EVERY.CSMS});`,
    'the tests beside an action show what else is owed: what is kept, followed or answered.',
    '',
    '| version | station → CSMS | CSMS → station | rows |',
    '| --- | --- | --- | --- |',
    ...(['1.6', '1.6-sec', '2.0.1', '2.1'] as const).map((version) => {
      const of = (from: Row['from']) => rows.filter((row) => row.version === version && row.from === from).length;
      return `| ${version} | ${of('station')} | ${of('CSMS')} | ${of('station') + of('CSMS')} |`;
    }),
    `| together | | | ${rows.length} |`,
  ];
  for (const version of ['1.6', '1.6-sec', '2.0.1', '2.1'] as const) {
    lines.push('', `## OCPP ${version}`, '', '| action | from | obligation |', '| --- | --- | --- |');
    for (const { action, from } of rows.filter((row) => row.version === version)) {
      lines.push(`| ${action} | ${from} | ${evidence.cell(action, obligationsOf(action, version, titles))} |`);
    }
  }
  for (const [group, list] of Object.entries(ids)) {
    lines.push('', `## ${group}`, '', '| id | shown by |', '| --- | --- |', ...list.map((id) => `| ${id} | ${evidence.of(id)} |`));
  }
  return evidence.page(lines);
}

/** Tests that name the action; those of the version first, and those of the back end before those of the simulator. */
function obligationsOf(action: string, version: Row['version'], titles: readonly TestTitle[]): TestTitle[] {
  const word = new RegExp(`(^|[^A-Za-z0-9])${action}($|[^A-Za-z0-9])`);
  const rank = ({ file, title }: TestTitle) => (file.includes('simulator') ? 2 : 0) + (title.includes(version.replace('-sec', '')) ? 0 : 1);
  return titles
    .filter(({ file, title }) => word.test(title) && !Object.values<string>(EVERY).includes(file))
    .sort((one, other) => rank(one) - rank(other));
}
