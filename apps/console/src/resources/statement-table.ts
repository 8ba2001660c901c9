// The lines of a settlement statement as a table (RFC 4180): for the partner's own programs, with a column a figure.
import type { StatementLine } from '@evenkeel/contracts';

const columns: readonly (readonly [string, (line: StatementLine) => string | number | undefined])[] = [
  ['number', ({ number }) => number],
  ['cdr_id', ({ cdrId }) => cdrId],
  ['credit', ({ credit }) => (credit ? 'true' : 'false')],
  ['credit_reference_id', ({ creditReferenceId }) => creditReferenceId],
  ['session_id', ({ sessionId }) => sessionId],
  ['started_at', ({ startedAt }) => startedAt],
  ['ended_at', ({ endedAt }) => endedAt],
  ['issued_at', ({ issuedAt }) => issuedAt],
  ['energy_wh', ({ energyWh }) => energyWh],
  ['currency', ({ currency }) => currency],
  ['before_taxes', ({ beforeTaxes }) => beforeTaxes],
  // One column however many rates there are: "19%: 3.04; 7%: 0.70".
  [
    'taxes',
    ({ taxes }) => taxes?.map(({ percentage, amount }) => `${percentage === undefined ? '' : `${percentage}%: `}${amount}`).join('; '),
  ],
  ['due', ({ due }) => due],
  ['delivery', ({ delivery }) => delivery?.status],
  ['delivery_at', ({ delivery }) => delivery?.at],
  ['delivery_reason', ({ delivery }) => delivery?.reason],
];

export function statementTable(lines: readonly StatementLine[]): string {
  const rows = [columns.map(([name]) => name), ...lines.map((line) => columns.map(([, read]) => read(line) ?? ''))];
  return rows.map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

function field(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
