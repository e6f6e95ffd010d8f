import { fileURLToPath } from 'node:url';
import { ChildService } from '../child-service.ts';

export interface ProviderSettings {
  port: number;
  clientId: string;
  clientSecret: string;
  /** Origin of the server that users sign in to. */
  clientUrl: string;
  /** The roles of each user. */
  roles: Record<string, string[]>;
  /** Whether roles are in the ID token; otherwise in the user info only, as the standard has it. */
  areRolesInIdToken: boolean;
}

const program = fileURLToPath(new URL('program.ts', import.meta.url));

/** `oidc-provider` in a process of its own. */
export const startOpenidProvider = async (settings: ProviderSettings): Promise<ChildService & { url: string }> => {
  const command = [process.execPath, '--import', '@oxc-node/core/register', program, JSON.stringify(settings)] as const;
  const service = new ChildService(settings.port, [...command]);
  return Object.assign(await service.start(), { url: `http://127.0.0.1:${settings.port}` });
};
