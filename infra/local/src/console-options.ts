// How the tools that read a console reach it: by default the demonstration's, as its first operator.
import { defaultPorts } from './addresses';
import { networkFileOf } from './demonstration';
import { RestClient } from './rest-client';

export const consoleOptions = {
  url: { type: 'string', default: `http://127.0.0.1:${process.env.CONSOLE_PORT || defaultPorts.CONSOLE_PORT}/api` },
  'api-key': { type: 'string' },
} as const;

export async function consoleAt({ url, 'api-key': apiKey }: { url: string; 'api-key'?: string | undefined }): Promise<RestClient> {
  const base = url.replace(/\/$/, '');
  if (apiKey !== undefined) return RestClient.withApiKey(base, apiKey);
  const [operator] = (await networkFileOf('chargem')).operators;
  if (!operator) throw new Error('the demonstration has no operator; name an API key with --api-key');
  return RestClient.login(base, operator.username, operator.password);
}
