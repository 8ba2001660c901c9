// The configuration of a nats-server for one or more platforms: an account each, a user for each service with the permissions that the
// flow gives it, and one user that may provision.
import { appNames } from './flow';
import { permissionsOf } from './permissions';

export interface PlatformAccount {
  /** Account name, e.g. CHARGEM. */
  name: string;
  /** Gives the password of a service's user, or of `provision`. */
  passwordOf: (user: string) => string;
}

export interface NatsServerOptions {
  host: string;
  port: number;
  storeFolder: string;
  platforms: readonly PlatformAccount[];
}

/** User names carry the account, because they are unique over the whole server: `chargem.billing`. */
export function natsUser(account: string, user: string): string {
  return `${account.toLowerCase()}.${user}`;
}

export function natsServerConfig({ host, port, storeFolder, platforms }: NatsServerOptions): string {
  const accounts = platforms.map((platform) => {
    const users = appNames.map((app) => {
      const { publish, subscribe } = permissionsOf(app);
      const permissions = `{ publish: ${JSON.stringify(publish)}, subscribe: ${JSON.stringify(subscribe)} }`;
      return userLine(platform, app, `, permissions: ${permissions}`);
    });
    return `  ${platform.name}: {\n    jetstream: enabled\n    users: [\n${[...users, userLine(platform, 'provision', '')].join('\n')}\n    ]\n  }`;
  });
  return `listen: "${host}:${port}"\nmax_payload: 4MB\njetstream: { store_dir: ${JSON.stringify(storeFolder)} }\naccounts: {\n${accounts.join('\n')}\n}\n`;
}

function userLine(platform: PlatformAccount, user: string, rest: string): string {
  return `      { user: "${natsUser(platform.name, user)}", password: "${platform.passwordOf(user)}"${rest} }`;
}
