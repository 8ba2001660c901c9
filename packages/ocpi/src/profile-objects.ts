// The objects of charging profiles and of charging preferences. OCPI 2.2.1 and 2.3.0 say them alike, and 2.1.1 has neither.
import { ChargingPreferences, ChargingPreferencesResponse } from './v230/charging-preferences';
import {
  ActiveChargingProfile,
  ActiveChargingProfileResult,
  ChargingProfileResponse,
  ChargingProfileResult,
  ClearProfileResult,
  SetChargingProfile,
} from './v230/charging-profiles';
import { unchanged } from './version';

export const profileObjects = {
  set: unchanged(SetChargingProfile),
  active: unchanged(ActiveChargingProfile),
  response: unchanged(ChargingProfileResponse),
  setResult: unchanged(ChargingProfileResult),
  clearResult: unchanged(ClearProfileResult),
  activeResult: unchanged(ActiveChargingProfileResult),
  preferences: unchanged(ChargingPreferences),
  preferencesResponse: unchanged(ChargingPreferencesResponse),
} as const;
export type ProfileObjects = typeof profileObjects;
