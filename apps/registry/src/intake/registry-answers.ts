// Answers what the other services ask of the registry: parse, call, map.
import { randomUUID } from 'node:crypto';
import type { Answers, fleetRequests, Reply, Request } from '@evenkeel/contracts';
import { AnswerTo } from '@evenkeel/messaging';
import { Controller } from '@nestjs/common';
import { AccountDesk } from '../account/account-desk';
import { AuthorizationDesk } from '../authorization/authorization-desk';
import { RegistryDesk } from '../catalogue/registry-desk';
import { TariffCare } from '../catalogue/tariff-care';
import { CertificateDesk } from '../certificate/certificate-desk';
import { CommandDesk } from '../command/command-desk';
import { CommandView } from '../command/command-view';
import { IdentityDesk } from '../identity/identity-desk';
import { IdentityVault } from '../identity/identity-vault';
import { ItemView } from '../mirror/item-view';
import { OperatorDesk } from '../operator/operator-desk';
import { PublishedCatalogue } from '../published/published-catalogue';
import { QuestionDesk } from '../question/question-desk';
import { SecurityView } from '../security/security-view';
import { BudgetDesk } from '../smart-charging/budget-desk';
import { PreferencesDesk } from '../smart-charging/preferences-desk';
import { StationDesk } from '../station/station-desk';
import { TermsDesk } from '../terms/terms-desk';
import { PriceTeller } from '../transaction/price-teller';
import { TariffTeller } from '../transaction/tariff-teller';
import { TransactionDesk } from '../transaction/transaction-desk';
import { CatalogueView } from '../view/catalogue-view';
import { StationView } from '../view/station-view';
import { commandOf } from './command-of';

@Controller()
export class RegistryAnswers implements Omit<Answers<'registry'>, keyof typeof fleetRequests> {
  constructor(
    private readonly stations: StationView,
    private readonly catalogue: CatalogueView,
    private readonly published: PublishedCatalogue,
    private readonly desk: RegistryDesk,
    private readonly identities: IdentityDesk,
    private readonly vault: IdentityVault,
    private readonly authorizations: AuthorizationDesk,
    private readonly terms: TermsDesk,
    private readonly operators: OperatorDesk,
    private readonly commands: CommandDesk,
    private readonly commandView: CommandView,
    private readonly items: ItemView,
    private readonly questions: QuestionDesk,
    private readonly access: StationDesk,
    private readonly certificates: CertificateDesk,
    private readonly security: SecurityView,
    private readonly budgets: BudgetDesk,
    private readonly transactions: TransactionDesk,
    private readonly accounts: AccountDesk,
    private readonly prices: PriceTeller,
    private readonly tariffs: TariffTeller,
    private readonly care: TariffCare,
    private readonly preferences: PreferencesDesk,
  ) {}

  @AnswerTo('admitStation')
  admitStation(request: Request<'admitStation'>): Promise<Reply<'admitStation'>> {
    return this.access.admit(request);
  }

  @AnswerTo('authorizeToken')
  async authorizeToken(request: Request<'authorizeToken'>): Promise<Reply<'authorizeToken'>> {
    const answer = await this.authorizations.authorize(request);
    const stationTariff = await this.tariffs.tariffFor(request, answer);
    // The driver need not wait for the price.
    void this.prices.authorized(request, answer);
    return { ...answer, ...(stationTariff ? { stationTariff: { ...stationTariff } } : {}) };
  }

  @AnswerTo('resolveTokens')
  async resolveTokens({ tokens }: Request<'resolveTokens'>): Promise<Reply<'resolveTokens'>> {
    return { tokens: await this.catalogue.resolve(tokens) };
  }

  @AnswerTo('tokenKey')
  async tokenKey({ uid }: Request<'tokenKey'>): Promise<Reply<'tokenKey'>> {
    return { key: this.vault.tokenKey(uid) };
  }

  @AnswerTo('keepPartnerTokens')
  keepPartnerTokens(request: Request<'keepPartnerTokens'>): Promise<Reply<'keepPartnerTokens'>> {
    return this.identities.keepPartnerTokens(request);
  }

  @AnswerTo('findPartnerToken')
  findPartnerToken(request: Request<'findPartnerToken'>): Promise<Reply<'findPartnerToken'>> {
    return this.identities.findPartnerToken(request);
  }

  @AnswerTo('chargingTerms')
  chargingTerms(request: Request<'chargingTerms'>): Promise<Reply<'chargingTerms'>> {
    return this.terms.agree(request);
  }

  @AnswerTo('transactionStatus')
  transactionStatus(request: Request<'transactionStatus'>): Promise<Reply<'transactionStatus'>> {
    return this.transactions.status(request);
  }

  @AnswerTo('stopTransaction')
  stopTransaction(request: Request<'stopTransaction'>): Promise<Reply<'stopTransaction'>> {
    return this.transactions.stop(request);
  }

  @AnswerTo('showCost')
  showCost(request: Request<'showCost'>): Promise<Reply<'showCost'>> {
    return this.transactions.showCost(request);
  }

  @AnswerTo('publishedLocations')
  publishedLocations(query: Request<'publishedLocations'>): Promise<Reply<'publishedLocations'>> {
    return this.published.locations(query);
  }

  @AnswerTo('publishedTariffs')
  publishedTariffs(query: Request<'publishedTariffs'>): Promise<Reply<'publishedTariffs'>> {
    return this.published.tariffs(query);
  }

  @AnswerTo('publishedTokens')
  publishedTokens(query: Request<'publishedTokens'>): Promise<Reply<'publishedTokens'>> {
    return this.published.tokens(query);
  }

  @AnswerTo('tokenOfContract')
  tokenOfContract(request: Request<'tokenOfContract'>): Promise<Reply<'tokenOfContract'>> {
    return this.published.tokenOfContract(request);
  }

  @AnswerTo('authenticateOperator')
  authenticateOperator(request: Request<'authenticateOperator'>): Promise<Reply<'authenticateOperator'>> {
    return this.operators.authenticate(request);
  }

  @AnswerTo('registerStation')
  registerStation({ actor, station }: Request<'registerStation'>): Promise<Reply<'registerStation'>> {
    return this.desk.registerStation(station, commandOf(actor));
  }

  @AnswerTo('changeStation')
  changeStation({ actor, stationId, change }: Request<'changeStation'>): Promise<Reply<'changeStation'>> {
    return this.desk.changeStation(stationId, change, commandOf(actor));
  }

  @AnswerTo('lowerSecurityProfile')
  lowerSecurityProfile(request: Request<'lowerSecurityProfile'>): Promise<Reply<'lowerSecurityProfile'>> {
    return this.access.lowerProfile(request, commandOf(request.actor));
  }

  @AnswerTo('listSecurityEvents')
  listSecurityEvents(query: Request<'listSecurityEvents'>): Promise<Reply<'listSecurityEvents'>> {
    return this.security.list(query);
  }

  @AnswerTo('stationCertificates')
  stationCertificates(request: Request<'stationCertificates'>): Promise<Reply<'stationCertificates'>> {
    return this.certificates.stationCertificates(request);
  }

  @AnswerTo('revokeCertificate')
  revokeCertificate(request: Request<'revokeCertificate'>): Promise<Reply<'revokeCertificate'>> {
    return this.certificates.revokeCertificate(request, commandOf(request.actor));
  }

  @AnswerTo('getStation')
  getStation({ stationId }: Request<'getStation'>): Promise<Reply<'getStation'>> {
    return this.stations.get(stationId);
  }

  @AnswerTo('listStations')
  listStations(query: Request<'listStations'>): Promise<Reply<'listStations'>> {
    return this.stations.list(query);
  }

  @AnswerTo('answerStation')
  answerStation(question: Request<'answerStation'>): Promise<Reply<'answerStation'>> {
    return this.questions.answer(question);
  }

  @AnswerTo('callStationRaw')
  callStationRaw({ actor, stationId, action, payload }: Request<'callStationRaw'>): Promise<Reply<'callStationRaw'>> {
    return this.commands.callRaw(stationId, action, payload, commandOf(actor));
  }

  @AnswerTo('operateStation')
  async operateStation(request: Request<'operateStation'>): Promise<Reply<'operateStation'>> {
    const { actor, stationId, operation, parameters, cause = randomUUID(), authorization } = request;
    // Before the station is told: it may ask about the token at once.
    if (authorization) await this.authorizations.authorizedByCommand(stationId, authorization, cause);
    return this.commands.operate(stationId, operation, parameters, actor ? { ...commandOf(actor), cause } : { cause });
  }

  @AnswerTo('getCommand')
  getCommand({ commandId }: Request<'getCommand'>): Promise<Reply<'getCommand'>> {
    return this.commandView.get(commandId);
  }

  @AnswerTo('listCommands')
  listCommands(query: Request<'listCommands'>): Promise<Reply<'listCommands'>> {
    return this.commandView.list(query);
  }

  @AnswerTo('listStationItems')
  async listStationItems(query: Request<'listStationItems'>): Promise<Reply<'listStationItems'>> {
    // An unknown station has no items, but it is not the same as one without.
    await this.stations.get(query.stationId);
    return this.items.list(query);
  }

  @AnswerTo('preferCharging')
  preferCharging(request: Request<'preferCharging'>): Promise<Reply<'preferCharging'>> {
    return this.preferences.prefer(request);
  }

  @AnswerTo('setChargingBudget')
  setChargingBudget({ actor, budget }: Request<'setChargingBudget'>): Promise<Reply<'setChargingBudget'>> {
    return this.budgets.set(budget, commandOf(actor));
  }

  @AnswerTo('removeChargingBudget')
  removeChargingBudget({ actor, budgetId }: Request<'removeChargingBudget'>): Promise<Reply<'removeChargingBudget'>> {
    return this.budgets.remove(budgetId, commandOf(actor));
  }

  @AnswerTo('getChargingBudget')
  getChargingBudget({ budgetId }: Request<'getChargingBudget'>): Promise<Reply<'getChargingBudget'>> {
    return this.budgets.stateOf(budgetId);
  }

  @AnswerTo('listChargingBudgets')
  async listChargingBudgets(): Promise<Reply<'listChargingBudgets'>> {
    return { items: await this.budgets.list() };
  }

  @AnswerTo('registerToken')
  registerToken({ actor, token }: Request<'registerToken'>): Promise<Reply<'registerToken'>> {
    return this.identities.putToken(token, commandOf(actor));
  }

  @AnswerTo('tokenAccount')
  tokenAccount(request: Request<'tokenAccount'>): Promise<Reply<'tokenAccount'>> {
    return this.accounts.get(request);
  }

  @AnswerTo('setTokenBalance')
  setTokenBalance(request: Request<'setTokenBalance'>): Promise<Reply<'setTokenBalance'>> {
    return this.accounts.setBalance(request, commandOf(request.actor));
  }

  @AnswerTo('topUpToken')
  topUpToken(request: Request<'topUpToken'>): Promise<Reply<'topUpToken'>> {
    return this.accounts.topUp(request, commandOf(request.actor));
  }

  @AnswerTo('listTokens')
  listTokens(query: Request<'listTokens'>): Promise<Reply<'listTokens'>> {
    return this.catalogue.listTokens(query);
  }

  @AnswerTo('registerDriver')
  registerDriver({ actor, driver }: Request<'registerDriver'>): Promise<Reply<'registerDriver'>> {
    return this.identities.putDriver(driver, commandOf(actor));
  }

  @AnswerTo('eraseDriver')
  eraseDriver(request: Request<'eraseDriver'>): Promise<Reply<'eraseDriver'>> {
    return this.identities.eraseDriver(request, commandOf(request.actor));
  }

  @AnswerTo('eraseToken')
  eraseToken(request: Request<'eraseToken'>): Promise<Reply<'eraseToken'>> {
    return this.identities.eraseToken(request, commandOf(request.actor));
  }

  @AnswerTo('listDrivers')
  listDrivers(query: Request<'listDrivers'>): Promise<Reply<'listDrivers'>> {
    return this.catalogue.listDrivers(query);
  }

  @AnswerTo('registerLocation')
  registerLocation({ actor, location }: Request<'registerLocation'>): Promise<Reply<'registerLocation'>> {
    return this.desk.putLocation(location, commandOf(actor));
  }

  @AnswerTo('listLocations')
  listLocations(query: Request<'listLocations'>): Promise<Reply<'listLocations'>> {
    return this.catalogue.listLocations(query);
  }

  @AnswerTo('registerTariff')
  registerTariff({ actor, tariff }: Request<'registerTariff'>): Promise<Reply<'registerTariff'>> {
    return this.desk.putTariff(tariff, commandOf(actor));
  }

  @AnswerTo('checkTariff')
  async checkTariff(request: Request<'checkTariff'>): Promise<Reply<'checkTariff'>> {
    return this.care.check(request);
  }

  @AnswerTo('tariffInForce')
  tariffInForce({ party, tariffId, at }: Request<'tariffInForce'>): Promise<Reply<'tariffInForce'>> {
    return this.catalogue.tariffAt(party, tariffId, at);
  }

  @AnswerTo('tariffFindings')
  tariffFindings(request: Request<'tariffFindings'>): Promise<Reply<'tariffFindings'>> {
    return this.care.findingsOf(request);
  }

  @AnswerTo('listTariffs')
  listTariffs(query: Request<'listTariffs'>): Promise<Reply<'listTariffs'>> {
    return this.catalogue.listTariffs(query);
  }
}
