// What a person reads while the networks start and the story is told.
import type { CdrExplanation, CdrView } from '@evenkeel/contracts';
import type { StoredEvent } from '@evenkeel/event-store';
import type { PlatformName } from './platforms';

const NAMES: Record<PlatformName, string> = { chargem: 'Chargem', mobilityyou: 'MobilityYou' };
const LONGEST_LINE = 170;

export class Terminal {
  private readonly colours = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;

  constructor(private readonly write: (text: string) => void = (text) => void process.stdout.write(text)) {}

  step(line: string): void {
    this.print(`  ${this.paint(32, '✓')} ${line}`);
  }

  heading(line: string): void {
    this.print(`\n${this.paint(1, line)}`);
  }

  text(line: string): void {
    this.print(line);
  }

  trouble(line: string): void {
    this.print(`  ${this.paint(31, '!')} ${line}`);
  }

  frame(line: string): void {
    this.print(`  ${this.paint(36, 'station ')} ${line}`);
  }

  event(platform: PlatformName, event: StoredEvent): void {
    const kind = event.stream.startsWith('cdr-') ? 'CDR     ' : event.stream.startsWith('delivery-') ? 'delivery' : 'event   ';
    const about = factOf(event.data);
    this.print(`  ${this.paint(33, kind)} ${NAMES[platform]}: ${event.type}${about} (${event.stream.slice(0, 22)}…@${event.revision})`);
  }

  cdr(title: string, view: CdrView, { text }: CdrExplanation): void {
    const { cdr } = view;
    this.print(`\n  ${this.paint(1, title)}: CDR ${view.cdrId}`);
    if (cdr)
      this.print(
        `    ${cdr.place.name}, ${cdr.place.evseUid}, ${cdr.startedAt} to ${cdr.endedAt}, paid by token ${cdr.payer.key.slice(0, 8)}… of ${cdr.payer.party}`,
      );
    for (const line of text) this.print(`    ${line}`);
  }

  received(issued: CdrView, received: CdrView): void {
    const same = issued.totalBeforeTaxes === received.totalBeforeTaxes;
    const verdict = same ? this.paint(32, 'the same to the cent') : this.paint(31, 'NOT THE SAME');
    this.print(`\n  MobilityYou holds CDR ${received.cdrId}: ${received.totalBeforeTaxes} ${received.currency}, ${verdict}`);
    if (received.checkedBeforeTaxes !== undefined) {
      this.print(`  MobilityYou priced it again with Chargem's tariff: ${received.checkedBeforeTaxes} ${received.currency}`);
    }
  }

  private print(line: string): void {
    const fits = line.length <= LONGEST_LINE || line.includes('\n') ? line : `${line.slice(0, LONGEST_LINE - 1)}…`;
    this.write(`${fits}\n`);
  }

  private paint(code: number, text: string): string {
    return this.colours ? `\u001b[${code}m${text}\u001b[0m` : text;
  }
}

/** What a recorded fact is about, in a few words. */
function factOf(data: unknown): string {
  const { fact } = (data ?? {}) as { fact?: { kind?: string; phase?: string; status?: string } };
  if (!fact) return '';
  return ` ${fact.kind ?? ''}${fact.phase ? ` ${fact.phase}` : ''}${fact.status ? ` ${fact.status}` : ''}`;
}
