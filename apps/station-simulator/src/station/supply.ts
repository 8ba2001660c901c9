// What the station is connected to: three phases of 32 A, as most public AC stations have.

export const SUPPLY = { voltage: 230, phases: 3 };
export const MOST_POWER_W = 32 * SUPPLY.voltage * SUPPLY.phases;
