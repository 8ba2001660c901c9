// Before the first file of cases. A run that is interrupted ends, and with it all that it has started.
import { startAcceptanceNetwork } from './acceptance-network';

export default async function setUp(): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  await startAcceptanceNetwork();
}
