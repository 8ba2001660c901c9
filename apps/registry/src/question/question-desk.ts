// Answers the CALLs of stations that only the registry can answer, in the words of OCPP 2.1. What has to be remembered of the question is
// stored before it is answered, and a repetition is answered alike.
import { idOf, Problem, type Reply, type Request } from '@evenkeel/contracts';
import type { CommandContext } from '@evenkeel/event-store';
import type { Request as OcppRequest, Response, StationAction } from '@evenkeel/ocpp';
import type { CertificateDesk } from '../certificate/certificate-desk';
import type { CertificateStatusDesk } from '../certificate/certificate-status';
import type { CustomerInformationDesk } from '../customer/customer-information';
import type { MirrorDesk } from '../mirror/mirror-desk';
import { dynamicRates } from '../smart-charging/dynamic-rates';
import type { NeedsDesk } from '../smart-charging/needs-desk';
import type { ContractCertificates } from './contract-certificates';
import { canBeVatNumber } from './vat-numbers';

type Question = Request<'answerStation'>;
type Answerer<A extends StationAction<'2.1'>> = (
  payload: OcppRequest<'2.1', A>,
  question: Question,
  context: CommandContext,
) => Promise<Response<'2.1', A>>;

/** GetCertificateStatusResponse.ocspResult of OCPP 2.1. */
const LONGEST_RESULT_IN_21 = 18_000;

type AnyAnswerer = (payload: never, question: Question, context: CommandContext) => Promise<object>;

export class QuestionDesk {
  private readonly answerers: { readonly [A in StationAction<'2.1'>]?: Answerer<A> } = {
    // We have no agreement with any vendor. What the message says is the vendor's affair and may name a card: it is not kept.
    DataTransfer: async () => ({ status: 'UnknownVendorId' }),
    OpenPeriodicEventStream: async (_, question, context) => {
      await this.note(question, context);
      return { status: 'Accepted' };
    },
    NotifyEVChargingNeeds: async (payload, question, context) => {
      await this.note(question, context);
      return this.needs.answerNeeds(question.stationId, payload, context);
    },
    NotifyEVChargingSchedule: async (payload, question, context) => {
      await this.note(question, context);
      return this.needs.answerSchedule(question.stationId, payload, context);
    },
    PullDynamicScheduleUpdate: async ({ chargingProfileId }, question, context) => {
      const scheduleUpdate = dynamicRates(await this.mirror.knownOf(question.stationId), chargingProfileId);
      if (scheduleUpdate === undefined) return { status: 'Rejected' };
      await this.note(question, context);
      return { status: 'Accepted', scheduleUpdate };
    },
    SignCertificate: async ({ csr, certificateType, requestId }, { stationId }) => ({
      status: await this.certificates.signCertificate(stationId, csr, certificateType, requestId),
    }),
    GetCertificateStatus: ({ ocspRequestData }, { ocppVersion }) =>
      this.statuses.certificateStatus(ocspRequestData, ocppVersion === '2.1' ? LONGEST_RESULT_IN_21 : undefined),
    GetCertificateChainStatus: async ({ certificateStatusRequests }) => {
      const [first, ...others] = await this.statuses.certificateChainStatus(certificateStatusRequests);
      if (first === undefined) throw new Problem('invalid', 'no certificate was asked about');
      return { certificateStatus: [first, ...others] };
    },
    NotifyCustomerInformation: async (part, { stationId, receivedAt }) => {
      await this.customers.keep(stationId, part, receivedAt);
      return {};
    },
    Get15118EVCertificate: (asked) => this.contracts.certificateFor(asked),
    VatNumberValidation: async ({ vatNumber, evseId }, question, context) => {
      await this.note(question, context);
      const status = canBeVatNumber(vatNumber) ? 'Accepted' : 'Rejected';
      return { vatNumber, status, ...(evseId === undefined ? {} : { evseId }) };
    },
    NotifySettlement: async (_, question, context) => {
      await this.note(question, context);
      return {};
    },
  };

  constructor(
    private readonly mirror: Pick<MirrorDesk, 'note' | 'knownOf'>,
    private readonly needs: Pick<NeedsDesk, 'answerNeeds' | 'answerSchedule'>,
    private readonly certificates: Pick<CertificateDesk, 'signCertificate'>,
    private readonly statuses: Pick<CertificateStatusDesk, 'certificateStatus' | 'certificateChainStatus'>,
    private readonly customers: Pick<CustomerInformationDesk, 'keep'>,
    private readonly contracts: ContractCertificates,
  ) {}

  /** @throws Problem for an action that is not a question to the registry. */
  async answer(question: Question): Promise<Reply<'answerStation'>> {
    const { action, payload, stationId, messageId, receivedAt } = question;
    const answerers: Readonly<Record<string, AnyAnswerer | undefined>> = this.answerers;
    const answerer = Object.hasOwn(answerers, action) ? answerers[action] : undefined;
    if (answerer === undefined) throw new Problem('not-supported', `the registry does not answer ${action}`);
    const context = { cause: idOf('question', stationId.toLowerCase(), messageId, receivedAt) };
    // The gateway has held the payload against its schema.
    return { payload: { ...(await answerer(payload as never, question, context)) } };
  }

  private note({ stationId, action, payload, receivedAt }: Question, context: CommandContext): Promise<void> {
    return this.mirror.note(stationId, { kind: 'notice', action, payload, at: receivedAt }, context);
  }
}
