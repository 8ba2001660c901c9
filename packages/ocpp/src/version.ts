// The OCPP versions this back end speaks and how a connection's version is agreed: by the WebSocket subprotocol and nothing else.

export const OCPP_VERSIONS = ['1.6', '2.0.1', '2.1'] as const;
export type OcppVersion = (typeof OCPP_VERSIONS)[number];

/** The registered subprotocol names; they are compared case-sensitively (OCPP-J 1.6 section 3.1.2, OCPP 2.0.1 Part 4 section 3). */
export const SUBPROTOCOLS: Readonly<Record<OcppVersion, string>> = { '1.6': 'ocpp1.6', '2.0.1': 'ocpp2.0.1', '2.1': 'ocpp2.1' };

/** The client's offers in its order. Several header lines reach us as one comma list (RFC 6455 section 11.3.4). */
export function offeredSubprotocols(header: string | undefined): string[] {
  if (header === undefined) return [];
  return header
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/**
 * The first offer that this station may use, or undefined when there is none. The list is in the client's order of preference, so the
 * newest version both sides know is not necessarily the right one (OCPP 2.0.1 Part 4 section 3).
 */
export function chooseVersion(offers: Iterable<string>, allowed: readonly OcppVersion[] = OCPP_VERSIONS): OcppVersion | undefined {
  for (const offer of offers) {
    const version = allowed.find((candidate) => SUBPROTOCOLS[candidate] === offer);
    if (version !== undefined) return version;
  }
  return undefined;
}
