// The key of a variable among a station's documents: `Component[/instance][@evse[.connector]]/Variable[/instance]`.

interface Named {
  readonly component: {
    readonly name: string;
    readonly instance?: string;
    readonly evse?: { readonly id: number; readonly connectorId?: number };
  };
  readonly variable: { readonly name: string; readonly instance?: string };
}

export function variableKey({ component, variable }: Named): string {
  const { evse } = component;
  const place = evse === undefined ? '' : `@${evse.id}${evse.connectorId === undefined ? '' : `.${evse.connectorId}`}`;
  return `${withInstance(component)}${place}/${withInstance(variable)}`;
}

function withInstance({ name, instance }: { readonly name: string; readonly instance?: string }): string {
  return instance === undefined ? name : `${name}[${instance}]`;
}
