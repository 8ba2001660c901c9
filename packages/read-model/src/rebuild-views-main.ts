// `node rebuild-views-main.js [projection]` with a service's DATABASE_URL: in the service's own image, beside the running pods.
import { rebuildViews } from './rebuild-views';

async function main([projection]: readonly string[]): Promise<void> {
  const { DATABASE_URL: databaseUrl } = process.env;
  if (databaseUrl === undefined) throw new Error('DATABASE_URL is not set');
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  await rebuildViews({ databaseUrl, say, ...(projection === undefined ? {} : { projection }) });
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
