// What an operator wants of the charging of a driver's session at a partner: the request, and what its answer means.
import type { PartnerCommandOrder } from '@evenkeel/contracts';
import { canonical, type Expressed, type ProfileObjects, type Read } from '@evenkeel/ocpi';
import type { PartnerRequest } from '../client/partner-client';

export type AskedProfile = Extract<PartnerCommandOrder, { command: 'SET_PROFILE' | 'CLEAR_PROFILE' | 'READ_PROFILE' | 'SET_PREFERENCES' }>;

export function isAskedProfile(order: PartnerCommandOrder): order is AskedProfile {
  return order.command.endsWith('_PROFILE') || order.command === 'SET_PREFERENCES';
}

/** Profiles have a module of their own, preferences belong to the session. */
export function moduleOf(order: PartnerCommandOrder): 'commands' | 'chargingprofiles' | 'sessions' {
  if (!isAskedProfile(order)) return 'commands';
  return order.command === 'SET_PREFERENCES' ? 'sessions' : 'chargingprofiles';
}

/** The body; undefined where the request has none. */
export function writeProfileOrder(objects: ProfileObjects, order: AskedProfile, responseUrl: string): Expressed<unknown> {
  switch (order.command) {
    case 'SET_PROFILE':
      return objects.set.write({ charging_profile: canonical.profile.write(order.limits), response_url: responseUrl });
    case 'SET_PREFERENCES':
      return objects.preferences.write(canonical.preferences.write(order.preferences));
    case 'CLEAR_PROFILE':
    case 'READ_PROFILE':
      return { ok: true, wire: undefined, losses: [] };
  }
}

/** What has no body says in its address where the result is wanted (OCPI 2.2.1 mod_charging_profiles, Receiver GET and DELETE). */
export function addressOf(endpoint: string, order: PartnerCommandOrder, responseUrl: string): Pick<PartnerRequest, 'method' | 'url'> {
  if (!isAskedProfile(order)) return { method: 'POST', url: `${endpoint}/${order.command}` };
  const url = `${endpoint}/${encodeURIComponent(order.sessionId)}`;
  const parameters = new URLSearchParams({ response_url: responseUrl });
  switch (order.command) {
    case 'SET_PROFILE':
      return { method: 'PUT', url };
    case 'SET_PREFERENCES':
      return { method: 'PUT', url: `${url}/charging_preferences` };
    case 'CLEAR_PROFILE':
      return { method: 'DELETE', url: `${url}?${parameters}` };
    case 'READ_PROFILE':
      parameters.set('duration', String(order.durationSeconds));
      return { method: 'GET', url: `${url}?${parameters}` };
  }
}

/** `isFinal`: preferences are answered by what became of them. */
export function readProfileAnswer(
  objects: ProfileObjects,
  { command }: AskedProfile,
  data: unknown,
): Read<{ result: string; timeout?: number; isFinal: boolean }> {
  if (command !== 'SET_PREFERENCES') {
    const read = objects.response.read(data, { owner: '' });
    return read.ok ? { ok: true, value: { ...read.value, isFinal: false } } : read;
  }
  const read = objects.preferencesResponse.read(data, { owner: '' });
  return read.ok ? { ok: true, value: { result: read.value, isFinal: read.value === 'ACCEPTED' } } : read;
}
