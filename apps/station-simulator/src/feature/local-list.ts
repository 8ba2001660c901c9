// The list of tokens that a station may accept by itself, and the cache of what the back end has said about others.

export interface ListedToken {
  readonly token: string;
  /** Absent in a differential update removes the token. */
  readonly status?: string;
  readonly group?: string;
}

export class LocalList {
  /** 0 when no list was ever sent (OCPP 1.6 section 5.9, OCPP 2.0.1 D02.FR.02). */
  version = 0;
  private readonly tokens = new Map<string, ListedToken>();
  private readonly cache = new Map<string, string>();

  get size(): number {
    return this.tokens.size;
  }

  /** OCPP 1.6 section 5.15, OCPP 2.0.1 D01. */
  update(version: number, updateType: 'Full' | 'Differential', entries: readonly ListedToken[], mostTokens: number) {
    if (updateType === 'Differential' && version <= this.version) return 'VersionMismatch';
    const isIncomplete = updateType === 'Full' && entries.some(({ status }) => status === undefined);
    const names = new Set(entries.map(({ token }) => fold(token)));
    if (isIncomplete || names.size < entries.length || version <= 0 || names.size > mostTokens) return 'Failed';
    if (updateType === 'Full') this.tokens.clear();
    for (const entry of entries) {
      if (entry.status === undefined) this.tokens.delete(fold(entry.token));
      else this.tokens.set(fold(entry.token), entry);
    }
    this.version = version;
    return 'Accepted';
  }

  /** What the station knows about a token without asking: the list first, then the cache. */
  verdictOn(token: string): string | undefined {
    return this.tokens.get(fold(token))?.status ?? this.cache.get(fold(token));
  }

  groupOf(token: string): string | undefined {
    return this.tokens.get(fold(token))?.group;
  }

  remember(token: string, status: string): void {
    this.cache.set(fold(token), status);
  }

  clearCache(): void {
    this.cache.clear();
  }

  forget(token: string): boolean {
    const wasListed = this.tokens.delete(fold(token));
    return this.cache.delete(fold(token)) || wasListed;
  }
}

const fold = (token: string): string => token.toLowerCase();
