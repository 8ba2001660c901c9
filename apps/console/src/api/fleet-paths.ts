// The REST paths about many stations at once.
import {
  ConfigurationTemplate,
  DriftStatus,
  LocalListPage,
  LocalListPlan,
  StationDriftPage,
  StationLocalList,
  StationLocalListPage,
  TemplatePage,
} from '@evenkeel/contracts';
import { Type } from '@sinclair/typebox';
import type { Operation } from './operation';
import * as schemas from './schemas';

const listPath = schemas.pathOf({ listId: LocalListPlan.properties.listId });
const templatePath = schemas.pathOf({ templateId: ConfigurationTemplate.properties.templateId });
const stationIds = Type.Array(schemas.StationPath.properties.stationId, { minItems: 1, maxItems: 1_000 });

export const fleetPaths = {
  listLocalLists: {
    method: 'GET',
    path: '/local-lists',
    summary: 'Which stations keep lists of our tokens',
    tag: 'fleet',
    access: 'viewer',
    query: schemas.Page,
    response: LocalListPage,
  },
  putLocalList: {
    method: 'POST',
    path: '/local-lists',
    summary: 'Have stations keep a list of our tokens, which is kept up to date; replaces the one of that id',
    tag: 'fleet',
    access: 'operator',
    body: LocalListPlan,
    example: { listId: 'oakland', stations: { locationIds: ['LOC-OAK'] } },
    response: LocalListPlan,
    status: 201,
  },
  removeLocalList: {
    method: 'DELETE',
    path: '/local-lists/{listId}',
    summary: 'Have the stations forget the list',
    tag: 'fleet',
    access: 'operator',
    params: listPath,
    response: LocalListPlan,
    problems: ['not-found'],
  },
  listStationLocalLists: {
    method: 'GET',
    path: '/station-local-lists',
    summary: 'What each station has accepted of its list',
    tag: 'fleet',
    access: 'viewer',
    query: schemas.closed({
      ...schemas.Page.properties,
      stationId: Type.Optional(schemas.StationPath.properties.stationId),
      status: Type.Optional(StationLocalList.properties.status),
    }),
    response: StationLocalListPage,
  },
  listTemplates: {
    method: 'GET',
    path: '/configuration-templates',
    summary: 'How stations are to be configured',
    tag: 'fleet',
    access: 'viewer',
    query: schemas.Page,
    response: TemplatePage,
  },
  putTemplate: {
    method: 'POST',
    path: '/configuration-templates',
    summary: 'Say how stations are to be configured; replaces the template of that id',
    tag: 'fleet',
    access: 'operator',
    body: ConfigurationTemplate,
    example: {
      templateId: 'voltmark',
      stations: { vendors: ['Voltmark'] },
      variables: [{ component: 'OCPPCommCtrlr', variable: 'HeartbeatInterval', value: '300' }],
      applyAtBoot: true,
    },
    response: ConfigurationTemplate,
    status: 201,
  },
  removeTemplate: {
    method: 'DELETE',
    path: '/configuration-templates/{templateId}',
    summary: 'Want it no more; the stations stay as they are',
    tag: 'fleet',
    access: 'operator',
    params: templatePath,
    response: ConfigurationTemplate,
    problems: ['not-found'],
  },
  applyTemplate: {
    method: 'POST',
    path: '/configuration-templates/{templateId}/apply',
    summary: 'Set what differs at the connected stations, or at those that are named',
    tag: 'fleet',
    access: 'operator',
    params: templatePath,
    body: schemas.closed({ stationIds: Type.Optional(stationIds) }),
    example: { stationIds: ['CP-OAK-1'] },
    response: Type.Object({ stations: Type.Array(Type.String(), { description: 'Those that are being told' }) }),
    problems: ['not-found'],
  },
  templateDrift: {
    method: 'GET',
    path: '/configuration-templates/{templateId}/drift',
    summary: 'Which stations are in step with a template, and which differ, have refused it, or have not said',
    tag: 'fleet',
    access: 'viewer',
    params: templatePath,
    query: schemas.closed({ ...schemas.Page.properties, status: Type.Optional(DriftStatus) }),
    response: StationDriftPage,
    problems: ['not-found'],
  },
} as const satisfies Record<string, Operation>;
