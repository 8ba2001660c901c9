// Where a result may be posted: only to a host that the partner is registered with. Our token for it travels there, and otherwise a partner
// could have us call whomever it likes (server-side request forgery).
import { OcpiProblem } from '@evenkeel/ocpi';
import type { UrlGuard } from '../client/url-guard';
import type { Registration } from '../partner/partner';

/** @throws OcpiProblem 2001 for another host, or for an address that is not followed at all. */
export function checkResponseUrl(guard: UrlGuard, address: string, { versionsUrl, endpoints }: Registration): void {
  const { host } = guard.check(address);
  const known = [versionsUrl, ...endpoints.map(({ url }) => url)].map((url) => new URL(url).host);
  if (!known.includes(host)) throw OcpiProblem.invalid(`response_url is at ${host}, which is not a host of the platform`);
}
