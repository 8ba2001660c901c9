// Secrets of a laptop's networks: drawn at the first start and kept with the data, readable by the owner only.
import { createHmac, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export class Secrets {
  private constructor(private readonly root: string) {}

  static async of(dataFolder: string): Promise<Secrets> {
    const file = join(dataFolder, 'secret');
    try {
      return new Secrets((await readFile(file, 'utf8')).trim());
    } catch {
      // The first start: there is no secret yet.
      await mkdir(dataFolder, { recursive: true });
      const root = randomBytes(32).toString('hex');
      await writeFile(file, `${root}\n`, { mode: 0o600 });
      return new Secrets(root);
    }
  }

  /** 64 hexadecimal digits, the same for the same purpose at every start. */
  for(...purpose: string[]): string {
    return createHmac('sha256', this.root).update(purpose.join('/')).digest('hex');
  }
}
