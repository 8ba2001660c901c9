// The words in which a price is explained, a dictionary a language. Numbers and units are written the same in all of them, so that a driver
// can lay the text beside the receipt.
import type { AdjustmentLine, UsageDimension } from './priced-session';

export type ExplanationLanguage = 'en' | 'es';

export interface ExplanationWords {
  readonly names: Readonly<Record<UsageDimension, string>>;
  readonly adjustments: Readonly<Record<AdjustmentLine['rule'], string>>;
  readonly total: string;
  readonly hour: string;
  bothSides(before: string, after: string): string;
  billedAs(quantity: string, step: string): string;
  at(price: string, unit: string): string;
  periods(text: string, count: number): string;
  tariff(id: string): string;
}

export const EXPLANATION_WORDS: Readonly<Record<ExplanationLanguage, ExplanationWords>> = {
  en: {
    names: {
      ENERGY: 'Energy',
      TIME: 'Charging time',
      PARKING_TIME: 'Parking time',
      FLAT: 'Session fee',
      RESERVATION_TIME: 'Reservation time',
      RESERVATION_FLAT: 'Reservation fee',
    },
    adjustments: {
      rounding: 'Rounding of the total',
      free_without_energy: 'Free, because no energy was delivered',
      min_price: 'Raised to the minimum price',
      max_price: 'Lowered to the maximum price',
    },
    total: 'Total',
    hour: 'hour',
    bothSides: (before, after) => `${before} before tax, ${after} with tax`,
    billedAs: (quantity, step) => `, billed as ${quantity} in steps of ${step},`,
    at: (price, unit) => ` at ${price} per ${unit}`,
    periods: (text, count) => `${count === 1 ? 'period' : 'periods'} ${text}`,
    tariff: (id) => `tariff ${id}`,
  },
  es: {
    names: {
      ENERGY: 'Energía',
      TIME: 'Tiempo de carga',
      PARKING_TIME: 'Tiempo de estacionamiento',
      FLAT: 'Cargo por sesión',
      RESERVATION_TIME: 'Tiempo de reserva',
      RESERVATION_FLAT: 'Cargo por reserva',
    },
    adjustments: {
      rounding: 'Redondeo del total',
      free_without_energy: 'Gratis, porque no se entregó energía',
      min_price: 'Elevado al precio mínimo',
      max_price: 'Reducido al precio máximo',
    },
    total: 'Total',
    hour: 'hora',
    bothSides: (before, after) => `${before} antes de impuestos, ${after} con impuestos`,
    billedAs: (quantity, step) => `, facturado como ${quantity} en pasos de ${step},`,
    at: (price, unit) => ` a ${price} por ${unit}`,
    periods: (text, count) => `${count === 1 ? 'periodo' : 'periodos'} ${text}`,
    tariff: (id) => `tarifa ${id}`,
  },
};
