// Documents by kind and key, what would change of them, and the reports whose parts are still coming.

export type Document = Record<string, unknown>;
export type Item = readonly [key: string, document: Document];

/** A part of a report in which a station is to name everything of a kind. */
export interface NamedPart {
  readonly report: string;
  readonly seqNo: number;
  /** Whether more parts follow. */
  readonly more: boolean;
  readonly keys: readonly string[];
}

export interface Change {
  readonly kind: string;
  readonly put?: readonly Item[];
  readonly removed?: readonly string[];
  readonly part?: NamedPart;
}

export type Applied = Required<Omit<Change, 'part'>> & Pick<Change, 'part'>;

export interface Assembly {
  readonly keys: Set<string>;
  readonly seqNos: Set<number>;
  last?: number;
}

export class Known {
  private readonly kinds = new Map<string, Map<string, Document>>();
  private readonly assemblies = new Map<string, Assembly>();

  get(kind: string, key: string): Document | undefined {
    return this.kinds.get(kind)?.get(key);
  }

  all(kind: string): Item[] {
    return [...(this.kinds.get(kind) ?? [])];
  }

  assembly(report: string): Assembly | undefined {
    return this.assemblies.get(report);
  }

  apply({ kind, put, removed, part }: Applied): this {
    const documents = this.kinds.get(kind) ?? new Map<string, Document>();
    for (const [key, document] of put) documents.set(key, document);
    for (const key of removed) documents.delete(key);
    this.kinds.set(kind, documents);
    if (part) this.assemble(part);
    return this;
  }

  /** The same, and this change besides. */
  with(change: Applied): Known {
    const other = new Known();
    for (const [kind, documents] of this.kinds) other.kinds.set(kind, new Map(documents));
    return other.apply(change);
  }

  /** Without what is so already: a repetition changes nothing. */
  effective(changes: readonly Change[]): Applied[] {
    return changes
      .map(({ kind, put = [], removed = [], part }) => ({
        kind,
        put: put.filter(([key, document]) => JSON.stringify(this.get(kind, key)) !== JSON.stringify(document)),
        removed: removed.filter((key) => this.get(kind, key) !== undefined),
        ...(part === undefined ? {} : { part }),
      }))
      .filter(({ put, removed, part }) => put.length + removed.length > 0 || part !== undefined);
  }

  private assemble({ report, seqNo, more, keys }: NamedPart): void {
    const assembly = this.assemblies.get(report) ?? { keys: new Set<string>(), seqNos: new Set<number>() };
    for (const key of keys) assembly.keys.add(key);
    assembly.seqNos.add(seqNo);
    if (!more) assembly.last = seqNo;
    if (assembly.last === undefined || assembly.seqNos.size <= assembly.last) this.assemblies.set(report, assembly);
    else this.assemblies.delete(report);
  }
}
