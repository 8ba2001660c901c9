// The README's diagram, drawn from the flow so that it cannot go stale (a test compares the two).

import type { MessageName } from './flow';
import { type AppName, appNames, messages } from './flow';

/** @returns a Mermaid flowchart: services as nodes, JetStream messages as labelled arrows. */
export function flowDiagram(): string {
  const arrows = new Map<string, string[]>();
  for (const name of Object.keys(messages) as MessageName[]) {
    const { saidBy, heardBy } = messages[name];
    for (const listener of heardBy) {
      const key = `${nodeOf(saidBy)} --> ${nodeOf(listener)}`;
      arrows.set(key, [...(arrows.get(key) ?? []), name]);
    }
  }
  const lines = [...arrows].map(([key, names]) => `  ${key.replace('-->', `-- "${names.join('<br/>')}" -->`)}`);
  return [
    'flowchart LR',
    '  station([charging station]) <-- "OCPP" --> ocpp_gateway',
    '  partner([roaming partner]) <-- "OCPI" --> ocpi_bridge',
    '  operator([operator]) <-- "REST" --> console',
    ...appNames.map((app) => `  ${nodeOf(app)}[${app}]`),
    ...lines,
  ].join('\n');
}

function nodeOf(app: AppName): string {
  return app.replaceAll('-', '_');
}
