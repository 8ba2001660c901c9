// What a party has decided about its sessions: how long to wait for stragglers, which doubts keep a session from being billed, when a person
// must look. Policies come from the settings; what was decided by one is an event, so that a changed policy changes no past session.
import { AnomalyCode, PartyKey } from '@evenkeel/contracts';
import { type Static, Type } from '@sinclair/typebox';

const minutes = (preset: number) => Type.Integer({ minimum: 1, default: preset });

const Patience = (alarmAfterMinutes: number) =>
  Type.Object(
    {
      alarmAfterMinutes: minutes(alarmAfterMinutes),
      /** Absent: never closed by a timer alone (TX-43). */
      closeAfterMinutes: Type.Optional(Type.Integer({ minimum: 1 })),
    },
    { default: {}, additionalProperties: false },
  );

export const SessionPolicy = Type.Object(
  {
    /** Wall time between the end of a session, or a late change, and its bill: facts that were overtaken arrive in it. */
    settleSeconds: Type.Integer({ minimum: 0, default: 5 }),
    /** The same for a session that visibly lacks messages (OCPP 2.0.1 sequence numbers): the station may still send them. */
    gapSettleSeconds: Type.Integer({ minimum: 0, default: 600 }),
    /** Doubts that a person must resolve before the session is billed. */
    hold: Type.Array(AnomalyCode, {
      default: ['zeroBaseline', 'meterReset', 'rollover', 'energyJump', 'unitSuspect', 'energyUnknown', 'clockSuspect'],
    }),
    /** Nothing was heard of a running session: the station is gone, or its stop never came. */
    silent: Patience(24 * 60),
    /** It runs and no energy flows. */
    noEnergy: Patience(30),
    /** The station reports readings without the transaction's id: it never learned the id. */
    noTransactionId: Patience(10),
    /** The connector is free and no stop came: then the session is closed at its last evidence (TX-41). */
    vacantMinutes: Type.Object({ afterBoot: minutes(10), otherwise: minutes(60) }, { default: {}, additionalProperties: false }),
    /** How long a stop that names no known transaction may wait for the transaction it belongs to. */
    strayMatchSeconds: Type.Integer({ minimum: 0, default: 60 }),
  },
  { additionalProperties: false },
);
export type SessionPolicy = Static<typeof SessionPolicy>;

/** Party key -> what differs from the defaults. */
export const SessionPolicies = Type.Record(PartyKey, Type.Partial(SessionPolicy));
export type SessionPolicies = Static<typeof SessionPolicies>;
