import { randomUUID } from 'node:crypto';
import { loadConfig } from '../config.ts';
import { LtiRecords } from '../records/lti-records.ts';
import { isoTime } from '../time/iso-time.ts';
import { readArguments, wrongArguments } from './command.ts';
import type { Command } from './command.ts';
import { withRecords } from './open-database.ts';

const usage = `invigil lti list
invigil lti add --issuer URL --client-id ID --login-url URL --keys-url URL --deployment ID …

Registers a learning platform (LTI 1.3), or lists the registered ones as JSON. Adding a known issuer and client id again
replaces its addresses and adds deployments. docs/operations/lti.md shows where platforms state these values.

  --issuer URL       the platform’s issuer
  --client-id ID     the tool’s client id at the platform
  --login-url URL    the platform’s authentication request URL
  --keys-url URL     the platform’s public keyset URL
  --deployment ID    a deployment id; may be repeated`;

const isUrl = (value: string | undefined): value is string =>
  value !== undefined && URL.canParse(value) && ['https:', 'http:'].includes(new URL(value).protocol);

export const ltiCommand: Command = {
  usage,
  async run(args, { environment, now, print }) {
    const text = { type: 'string' } as const;
    const { values, positionals } = readArguments(args, usage, {
      issuer: text,
      'client-id': text,
      'login-url': text,
      'keys-url': text,
      deployment: { type: 'string', multiple: true },
    });
    const [action, ...rest] = positionals;
    if (rest.length > 0 || (action !== 'list' && action !== 'add'))
      throw wrongArguments('expected: list or add', usage);
    const config = loadConfig(environment);
    if (action === 'list') {
      print(JSON.stringify(await withRecords(config, (database) => new LtiRecords(database).list()), null, 2));
      return 0;
    }
    const { issuer, 'client-id': clientId, 'login-url': loginUrl, 'keys-url': keysUrl, deployment = [] } = values;
    if (!isUrl(issuer) || !isUrl(loginUrl) || !isUrl(keysUrl)) {
      throw wrongArguments('--issuer, --login-url and --keys-url must be URLs', usage);
    }
    if (clientId === undefined || clientId === '') throw wrongArguments('--client-id is missing', usage);
    if (deployment.length === 0) throw wrongArguments('at least one --deployment is needed', usage);
    const platform = { platformId: randomUUID(), issuer, clientId, loginUrl, keysUrl };
    await withRecords(config, (database) => new LtiRecords(database).register(platform, deployment, isoTime(now())));
    print(`registered ${issuer} with ${deployment.length} deployments`);
    return 0;
  },
};
