// What the demonstration needs of a console's REST interface.
import type {
  Cdr,
  CdrExplanation,
  CdrSummary,
  CdrView,
  PartnerIntroduced,
  SessionSummary,
  SessionTimeline,
  SessionView,
} from '@evenkeel/contracts';

export class RestClient {
  private constructor(
    private readonly url: string,
    private readonly access: Readonly<Record<string, string>>,
  ) {}

  static async login(url: string, username: string, password: string): Promise<RestClient> {
    const response = await fetch(`${url}/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password }),
    });
    const { token } = (await readJson(response)) as { token: string };
    return new RestClient(url, { authorization: `Bearer ${token}` });
  }

  static withApiKey(url: string, apiKey: string): RestClient {
    return new RestClient(url, { 'x-api-key': apiKey });
  }

  get<T>(path: string): Promise<T> {
    return this.call('GET', path) as Promise<T>;
  }

  post<T>(path: string, body: unknown): Promise<T> {
    return this.call('POST', path, body) as Promise<T>;
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.call('PATCH', path, body) as Promise<T>;
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.call('PUT', path, body) as Promise<T>;
  }

  delete<T>(path: string): Promise<T> {
    return this.call('DELETE', path) as Promise<T>;
  }

  /** What is no JSON, e.g. a PDF, as it is. */
  async bytes(path: string): Promise<Uint8Array> {
    const response = await fetch(`${this.url}${path}`, { headers: this.access });
    if (!response.ok) throw new Error(`${response.url} answered ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  }

  async partners(): Promise<PartnerIntroduced[]> {
    return (await this.get<{ items: PartnerIntroduced[] }>('/partners')).items;
  }

  async sessionOf(stationId: string, transactionId: string): Promise<SessionSummary | undefined> {
    const query = new URLSearchParams({ stationId, transactionId });
    return (await this.get<{ items: SessionSummary[] }>(`/sessions?${query}`)).items[0];
  }

  async cdrsOf(sessionId: string): Promise<CdrSummary[]> {
    return (await this.get<{ items: CdrSummary[] }>(`/cdrs?${new URLSearchParams({ sessionId })}`)).items;
  }

  session(sessionId: string): Promise<SessionView> {
    return this.get(`/sessions/${encodeURIComponent(sessionId)}`);
  }

  /** All pages of it as one. */
  async timeline(sessionId: string): Promise<SessionTimeline> {
    const path = `/sessions/${encodeURIComponent(sessionId)}/timeline`;
    const whole = await this.get<SessionTimeline>(path);
    for (let { next } = whole; next !== undefined; ) {
      const page = await this.get<SessionTimeline>(`${path}?after=${next}`);
      whole.entries.push(...page.entries);
      next = page.next;
    }
    const { next: _, ...timeline } = whole;
    return timeline;
  }

  /** Every CDR that was issued for the session, credits among them, in the order of their issue. */
  async billsOf(sessionId: string): Promise<Cdr[]> {
    const views = await Promise.all((await this.cdrsOf(sessionId)).map(({ cdrId }) => this.cdr(cdrId)));
    // A credit names the revision of the CDR that it takes back.
    return views
      .flatMap(({ cdr }) => cdr ?? [])
      .sort((a, b) => a.sessionRevision - b.sessionRevision || Number(a.credit) - Number(b.credit));
  }

  cdr(cdrId: string): Promise<CdrView> {
    return this.get(`/cdrs/${cdrId}`);
  }

  explanation(cdrId: string): Promise<CdrExplanation> {
    return this.get(`/cdrs/${cdrId}/explanation`);
  }

  private async call(method: string, path: string, body?: unknown): Promise<unknown> {
    const headers = { ...this.access, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
    const response = await fetch(`${this.url}${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    return readJson(response);
  }
}

/** Polls until the answer is there. @throws naming what did not come in time. */
export async function eventually<T>(what: string, ask: () => Promise<T | undefined>, withinMs = 30_000): Promise<T> {
  for (const deadline = Date.now() + withinMs; Date.now() < deadline; ) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${what} did not come within ${withinMs / 1000} s`);
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${text.slice(0, 300)}`);
  return JSON.parse(text);
}
