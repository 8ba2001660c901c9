// What a machine can check of the house style.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { appNames, flowDiagram, permissionsOf, problemCodes } from '@evenkeel/contracts';

const root = join(__dirname, '..', '..', '..');
const purePackages = ['contracts', 'decider', 'money', 'tariff', 'ocpp', 'ocpi'];
const pureRooms = [
  'apps/session-ledger/src/session',
  'apps/session-ledger/src/connector',
  'apps/billing/src/cdr',
  'apps/billing/src/purchase',
  'apps/billing/src/numbering',
  'apps/billing/src/journal',
  'apps/billing/src/delivery/cdr-delivery.ts',
];

interface Source {
  path: string;
  text: string;
}

const sources: Source[] = ['packages', 'apps', 'infra', 'test'].flatMap((folder) => sourcesIn(join(root, folder)));
/** What ships: neither tests nor what they are set up with. */
const production = sources.filter(({ path }) => !/\.(spec|contract)\.ts$|-under-test\.ts$|\/testing\/|^test\//.test(path));

/** Fails naming each place, so that the message is enough to mend it. */
function expectNowhere(pattern: RegExp, among: readonly Source[], allowed: readonly string[] = []): void {
  const found = among
    .filter(({ path }) => !allowed.includes(path))
    .flatMap(({ path, text }) =>
      text.split('\n').flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [])),
    );
  expect(found).toEqual([]);
}

describe('the sources', () => {
  it('are found at all', () => {
    expect(production.length).toBeGreaterThan(100);
  });

  it('cast nothing away', () => {
    expectNowhere(/\bas any\b|\bas unknown as\b/, sources, ['test/tidy/src/tidy.spec.ts']);
  });

  it('skip no test and focus none', () => {
    expectNowhere(/\b(it|test|describe)\.(only|skip|todo)\b/, sources, ['test/tidy/src/tidy.spec.ts']);
  });

  it('swallow no error silently', () => {
    const empty = sources.filter(({ text }) => /catch\s*(\([^)]*\))?\s*\{\s*\}/.test(text)).map(({ path }) => path);
    expect(empty).toEqual([]);
  });

  it('leave nothing for later and print to no console', () => {
    expectNowhere(/\b(TODO|FIXME)\b|\bconsole\.(log|error|warn|info)\b/, sources, ['test/tidy/src/tidy.spec.ts']);
  });

  it('have names that say something', () => {
    const vague = sources
      .map(({ path }) => path)
      .filter((path) => /^(utils?|helpers?|common|misc|types|shared|core)\.ts$/.test(basename(path)));
    expect(vague).toEqual([]);
  });

  it('begin by saying what they are', () => {
    const silent = production.filter(({ path, text }) => !text.startsWith('//') && !text.startsWith('#!') && basename(path) !== 'index.ts');
    expect(silent.map(({ path }) => path)).toEqual([]);
  });

  it('keep to a length that one reading holds', () => {
    const long = production.filter(({ text }) => text.split('\n').length > 400).map(({ path }) => path);
    expect(long).toEqual([]);
  });
});

describe('pure code', () => {
  const pure = production.filter(({ path }) => purePackages.some((name) => path.startsWith(`packages/${name}/src`)) || isDecider(path));

  it('knows no clock and no chance', () => {
    expectNowhere(/Date\.now\(|new Date\(\)|Math\.random|randomUUID|randomBytes|performance\.now|setTimeout|setInterval/, pure);
  });

  it('reads nothing and starts nothing', () => {
    expectNowhere(/from '(node:(fs|net|http|child_process)[^']*|@nestjs[^']*|nats|pg|ws|@eventstore[^']*)'/, pure);
  });
});

describe('the adapters', () => {
  it('are the only importers of what they adapt', () => {
    const importers = (library: RegExp) =>
      [...new Set(production.filter(({ text }) => library.test(text)).map(({ path }) => path.split('/').slice(0, 2).join('/')))].sort();
    expect(importers(/from 'nats'/)).toEqual(['packages/messaging']);
    expect(importers(/from '@eventstore\/db-client'/)).toEqual(['packages/event-store']);
    expect(importers(/from '@peculiar\//)).toEqual(['packages/pki']);
    expect(importers(/from 'pg'/)).toEqual(['packages/read-model', 'packages/testkit']);
  });
});

describe('what is derived from the flow', () => {
  it('is in the README as it stands', () => {
    expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain(`\`\`\`mermaid\n${flowDiagram()}\n\`\`\``);
  });

  it('is in the NATS permissions for production as it stands', () => {
    const stored: unknown = JSON.parse(readFileSync(join(root, 'infra', 'nats', 'permissions.json'), 'utf8'));
    expect(stored).toEqual(Object.fromEntries(appNames.map((app) => [app, permissionsOf(app)])));
  });
});

describe('the walk', () => {
  it('leads from each file to one that exists', () => {
    const steps = production.flatMap(({ path, text }) =>
      [...text.matchAll(/^\/\/ Next: (\S+)$/gm)].map((match) => ({ path, next: match[1] ?? '' })),
    );
    expect(steps.length).toBeGreaterThan(15);
    expect(steps.filter(({ next }) => !existsSync(join(root, next)))).toEqual([]);
  });

  it('in the README links to files that exist', () => {
    const links = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/\]\(([^)]+)\)/g)].map((match) => match[1] ?? '');
    expect(links.length).toBeGreaterThan(20);
    expect(links.filter((link) => !existsSync(join(root, link)))).toEqual([]);
  });
});

describe('each package and service', () => {
  const folders = ['packages', 'apps'].flatMap((parent) => readdirSync(join(root, parent)).map((name) => join(parent, name)));

  it.each(folders)('%s has a README of at most 60 lines', (folder) => {
    const lines = readFileSync(join(root, folder, 'README.md'), 'utf8').split('\n').length;
    expect(lines).toBeLessThanOrEqual(61);
  });
});

describe('the lockfile', () => {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { optionalDependencies?: Record<string, string>; resolved?: string }>;
  };

  it('names the packages of every platform, or `npm ci` refuses it on some', () => {
    const locked = new Set(
      Object.keys(lock.packages).map((path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)),
    );
    const wanted = Object.values(lock.packages).flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies));
    expect(wanted.filter((name) => !locked.has(name))).toEqual([]);
  });

  it('names no host to download from', () => {
    expect(Object.values(lock.packages).filter(({ resolved }) => resolved?.startsWith('http'))).toEqual([]);
  });
});

describe('the runbook', () => {
  it('has a line for every error', () => {
    const runbook = readFileSync(join(root, 'infra', 'runbooks', 'errors.md'), 'utf8');
    const inServices = production.filter(({ path }) => /^packages\/(messaging|event-store|read-model|service)\//.test(path));
    const classes = inServices.flatMap(({ text }) =>
      [...text.matchAll(/class (\w+) extends (?:Error|OperationalError)\b/g)].map((match) => match[1]),
    );
    expect(classes.length).toBeGreaterThan(5);
    const missing = [...problemCodes, ...classes].filter((code) => !new RegExp(`\\| \`${code}\` +\\|`).test(runbook));
    expect(missing).toEqual([]);
  });
});

describe('the alerts', () => {
  it('watch metrics that exist, and each is in the runbook', () => {
    const folder = join(root, 'infra', 'alerts');
    const rules = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    const found = (pattern: RegExp) => [...new Set(rules.flatMap((text) => [...text.matchAll(pattern)].map(([, name = '']) => name)))];
    const metrics = found(/\b(evenkeel_\w+)/g);
    expect(metrics.length).toBeGreaterThan(2);
    expect(metrics.filter((name) => !production.some(({ text }) => text.includes(`'${name}'`)))).toEqual([]);
    const runbook = readFileSync(join(root, 'infra', 'runbooks', 'errors.md'), 'utf8');
    expect(found(/alert: (\w+)/g).filter((name) => !runbook.includes(`\`${name}\``))).toEqual([]);
  });
});

function isDecider(path: string): boolean {
  return pureRooms.some((room) => `${path}/`.startsWith(`${room}/`)) && basename(path) !== 'session-book.ts';
}

function sourcesIn(folder: string): Source[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry): Source[] => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ['node_modules', 'dist', '.turbo', '.data'].includes(entry.name) ? [] : sourcesIn(path);
    return entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts')
      ? [{ path: relative(root, path), text: readFileSync(path, 'utf8') }]
      : [];
  });
}
