// The titles of all tests of the repository, read from their sources. A title that is made of a template or of a table keeps its gaps.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

export interface TestTitle {
  /** From the repository's root. */
  readonly file: string;
  /** With the titles of the blocks around it. */
  readonly title: string;
}

export function testTitles(root: string): TestTitle[] {
  return specFiles(root)
    .sort()
    .flatMap((path) => titlesIn(path, relative(root, path)));
}

function specFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory())
      return ['node_modules', 'dist', '.git', '.turbo'].includes(entry.name) ? [] : specFiles(join(folder, entry.name));
    return entry.name.endsWith('.spec.ts') || entry.name.endsWith('.contract.ts') ? [join(folder, entry.name)] : [];
  });
}

/** A title is the first argument, and a function the second, of `it`, `test`, `describe` or of what their `each` gives. */
const TITLED = /(?:(?:^|[^.\w])(?:it|test|describe)|\)|`)\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1,\s*(?:async\s*)?(?:\([^)]*\)|\w+)\s*=>/g;
/** A row of a table that names what it shows. */
const NAMED_ROW =
  /^\s*\[?\s*'((?:RPC|TX|HS|RP|BT|T6|C6|T2|C2|V21|VER|CRE|LOC|SES|CDR|TAR|TOK|CMD|PRO|HCI|PAY|HSK|AUT|HDR|PAG|PUT|STA|TYP|RTA|COM|SCD|CHP|QUE|SEC)-\d+[^']*)',/gm;
const STATEMENT = /^(\s*)(?:it|test|describe)\b/;

/** By the layout that the formatter gives every file: what is deeper is inside. */
function titlesIn(path: string, file: string): TestTitle[] {
  const text = readFileSync(path, 'utf8');
  const around: { indent: number; title: string }[] = [];
  const rows = [...text.matchAll(NAMED_ROW)].map(([, title = '']) => ({ file, title }));
  const titles = [...text.matchAll(TITLED)].flatMap(({ index, 2: raw = '' }) => {
    const statement = statementAt(text, index);
    if (statement === undefined) return [];
    while ((around.at(-1)?.indent ?? -1) >= statement.indent) around.pop();
    const title = raw.replaceAll(/\$\{[^}]*\}/g, '…').replaceAll(/\\(.)/g, '$1');
    if (statement.isBlock) {
      around.push({ indent: statement.indent, title });
      return [];
    }
    return [{ file, title: [...around.map((block) => block.title), title].join(' › ') }];
  });
  return [...titles, ...rows];
}

/** The nearest line above, or this one, that begins a test or a block. */
function statementAt(text: string, index: number): { indent: number; isBlock: boolean } | undefined {
  const lines = text.slice(0, text.indexOf('\n', index + 1)).split('\n');
  for (let line = lines.pop(); line !== undefined; line = lines.pop()) {
    const found = STATEMENT.exec(line);
    if (found) return { indent: found[1]?.length ?? 0, isBlock: line.trimStart().startsWith('describe') };
  }
  return undefined;
}
