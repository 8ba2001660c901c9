// What operators ask the registry about many stations at once: the part of the flow that is about the fleet.
import { Type } from '@sinclair/typebox';
import { Campaign, CampaignOrder, CampaignPage, CampaignPlan, CampaignStationPage, CampaignStationStatus } from './campaigns';
import {
  ConfigurationTemplate,
  DriftStatus,
  LocalListPage,
  LocalListPlan,
  StationDriftPage,
  StationLocalList,
  StationLocalListPage,
  TemplatePage,
} from './fleet';
import { registryRequest, write } from './flow-declarations';
import { CustomerInformation } from './station-calls';
import { PageRequest } from './values';

const listId = LocalListPlan.properties.listId;
const templateId = ConfigurationTemplate.properties.templateId;
const campaignId = CampaignPlan.properties.campaignId;
const StationId = Type.String({ minLength: 1, maxLength: 48 });

export const fleetRequests = {
  putLocalList: registryRequest('put-local-list', ['console'], write({ list: LocalListPlan }), LocalListPlan),
  removeLocalList: registryRequest('remove-local-list', ['console'], write({ listId }), LocalListPlan),
  listLocalLists: registryRequest('list-local-lists', ['console'], Type.Object(PageRequest), LocalListPage),
  listStationLocalLists: registryRequest(
    'list-station-local-lists',
    ['console'],
    Type.Object({ ...PageRequest, stationId: Type.Optional(StationId), status: Type.Optional(StationLocalList.properties.status) }),
    StationLocalListPage,
  ),
  putTemplate: registryRequest('put-template', ['console'], write({ template: ConfigurationTemplate }), ConfigurationTemplate),
  removeTemplate: registryRequest('remove-template', ['console'], write({ templateId }), ConfigurationTemplate),
  listTemplates: registryRequest('list-templates', ['console'], Type.Object(PageRequest), TemplatePage),
  /** Answered at once, with the stations that are being told: those that are connected. */
  applyTemplate: registryRequest(
    'apply-template',
    ['console'],
    write({ templateId, stationIds: Type.Optional(Type.Array(StationId, { minItems: 1, maxItems: 1_000 })) }),
    Type.Object({ stations: Type.Array(Type.String()) }),
  ),
  templateDrift: registryRequest(
    'template-drift',
    ['console'],
    Type.Object({ ...PageRequest, templateId, status: Type.Optional(DriftStatus) }),
    StationDriftPage,
    10_000,
  ),
  /** Which stations are meant is decided at the beginning. */
  beginCampaign: registryRequest('begin-campaign', ['console'], write({ plan: CampaignPlan }), Campaign, 10_000),
  orderCampaign: registryRequest('order-campaign', ['console'], write({ campaignId, order: CampaignOrder }), Campaign),
  getCampaign: registryRequest('get-campaign', ['console'], Type.Object({ campaignId }), Campaign),
  listCampaigns: registryRequest('list-campaigns', ['console'], Type.Object(PageRequest), CampaignPage),
  campaignStations: registryRequest(
    'campaign-stations',
    ['console'],
    Type.Object({ ...PageRequest, campaignId, status: Type.Optional(CampaignStationStatus) }),
    CampaignStationPage,
  ),
  /** Read by admins only. */
  customerInformation: registryRequest(
    'customer-information',
    ['console'],
    Type.Object({ stationId: StationId, requestId: Type.Integer({ minimum: 0 }) }),
    CustomerInformation,
  ),
};
