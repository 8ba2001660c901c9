// Whether a partner that is known may come in now: from where it calls, and how often.
import { OcpiProblem, statusCodes } from '@evenkeel/ocpi';
import type { Log, Metrics } from '@evenkeel/service';
import type { PartnerState } from '../partner/partner';
import { PartnerBuckets } from '../traffic/token-bucket';
import { AddressBlocks, clientAddress } from './client-address';
import type { OcpiRequest } from './request';

/** More than a partner may ask for; the answer says when to come again. */
export class TooManyRequests extends OcpiProblem {
  constructor(readonly retryAfterSeconds: number) {
    super(429, statusCodes.clientError, 'too many requests');
  }
}

export class Doorman {
  private readonly buckets: PartnerBuckets;
  private readonly trustedProxies: AddressBlocks;
  private readonly blocks = new Map<string, { of: string; parsed: AddressBlocks }>();

  constructor(
    perSecond: number,
    /** Address blocks of proxies whose X-Forwarded-For is believed. */
    trustedProxies: readonly string[],
    private readonly log: Log,
    private readonly metrics: Metrics,
  ) {
    this.buckets = new PartnerBuckets(perSecond);
    this.trustedProxies = new AddressBlocks(trustedProxies);
  }

  /** @throws OcpiProblem 401 from elsewhere, worded as for a token that nobody has: a thief learns nothing. @throws TooManyRequests */
  admit(request: OcpiRequest, { partnerId, name, allowedBlocks = [] }: PartnerState): void {
    if (allowedBlocks.length > 0) {
      const header = request.headers['x-forwarded-for'];
      const forwardedFor = Array.isArray(header) ? header.join(',') : header;
      const address = clientAddress(request.socket.remoteAddress ?? '', forwardedFor, this.trustedProxies);
      if (!this.blocksOf(partnerId, allowedBlocks).has(address)) {
        this.metrics.count('evenkeel_ocpi_refused_addresses_total', 'Calls with a good token from an address that is not allowed', {
          partner: name,
        });
        this.log.warn({ partner: name, address }, 'a call with the token of a partner came from an address that is not allowed');
        throw OcpiProblem.unauthorized();
      }
    }
    const waitMs = this.buckets.of(partnerId).take(performance.now());
    if (waitMs === 0) return;
    this.metrics.count('evenkeel_ocpi_throttled_total', 'Calls of partners beyond their rate', { partner: name });
    throw new TooManyRequests(Math.ceil(waitMs / 1000));
  }

  private blocksOf(partnerId: string, allowed: readonly string[]): AddressBlocks {
    const of = allowed.join(' ');
    const known = this.blocks.get(partnerId);
    if (known?.of === of) return known.parsed;
    const parsed = new AddressBlocks(allowed);
    this.blocks.set(partnerId, { of, parsed });
    return parsed;
  }
}
