// A page of conformance: which test shows what, written by `npm run conformance`. A row that no test names has a reason, or it is missing.
import type { TestTitle } from './test-titles';

const MOST_TITLES = 3;

export interface Coverage {
  readonly text: string;
  /** Ids and actions that neither a test nor a reason names. */
  readonly missing: readonly string[];
  /** Reasons for what a test shows all the same. */
  readonly stale: readonly string[];
}

/** Fills cells, and keeps account of those that stay empty. */
export class Evidence {
  readonly missing = new Set<string>();
  readonly stale = new Set<string>();

  constructor(
    private readonly titles: readonly TestTitle[],
    /** Why no test shows it, by id. */
    private readonly reasons: Readonly<Record<string, string>>,
  ) {}

  /** What the tests say that name the id. */
  of(id: string): string {
    return this.cell(
      id,
      this.titles.filter(({ title }) => names(title, id)),
    );
  }

  cell(name: string, found: readonly TestTitle[]): string {
    const reason = Object.hasOwn(this.reasons, name) ? this.reasons[name] : undefined;
    if (found.length === 0 && reason === undefined) this.missing.add(name);
    if (found.length > 0 && reason !== undefined) this.stale.add(name);
    return found.length > 0 ? found.slice(0, MOST_TITLES).map(linked).join('<br>') : `not shown: ${reason ?? 'no reason given'}`;
  }

  page(lines: readonly string[]): Coverage {
    return { text: `${lines.join('\n')}\n`, missing: [...this.missing], stale: [...this.stale] };
  }
}

function names(title: string, id: string): boolean {
  return new RegExp(`(^|[^A-Za-z0-9-])${id}($|[^0-9])`).test(title);
}

function linked({ file, title }: TestTitle): string {
  const text = title.replaceAll('|', '\\|').replaceAll('[', '\\[').replaceAll('<', '&lt;');
  return `[${text.length > 120 ? `${text.slice(0, 117)}…` : text}](../../${file})`;
}
