// What the demonstration needs of a console's REST interface.
import type { CdrExplanation, CdrSummary, CdrView, PartnerIntroduced, SessionSummary } from '@evenkeel/contracts';

export class RestClient {
  private constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  static async login(url: string, username: string, password: string): Promise<RestClient> {
    const response = await fetch(`${url}/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password }),
    });
    const { token } = (await readJson(response)) as { token: string };
    return new RestClient(url, token);
  }

  get<T>(path: string): Promise<T> {
    return this.call('GET', path) as Promise<T>;
  }

  post<T>(path: string, body: unknown): Promise<T> {
    return this.call('POST', path, body) as Promise<T>;
  }

  delete<T>(path: string): Promise<T> {
    return this.call('DELETE', path) as Promise<T>;
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

  cdr(cdrId: string): Promise<CdrView> {
    return this.get(`/cdrs/${cdrId}`);
  }

  explanation(cdrId: string): Promise<CdrExplanation> {
    return this.get(`/cdrs/${cdrId}/explanation`);
  }

  private async call(method: string, path: string, body?: unknown): Promise<unknown> {
    const headers = { authorization: `Bearer ${this.token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
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
