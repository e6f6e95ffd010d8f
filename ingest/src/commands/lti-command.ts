import { randomUUID } from 'node:crypto';
import { loadConfig } from '../config.ts';
import { invitePlatform } from '../lti/registration.ts';
import { toolAddresses } from '../lti/tool-configuration.ts';
import type { LtiPlatform } from '../model/lti-platform.ts';
import { LtiInvitationRecords } from '../records/lti-invitation-records.ts';
import { LtiRecords } from '../records/lti-records.ts';
import { LtiToolKeyRecords } from '../records/lti-tool-key-records.ts';
import type { RecordsDatabase } from '../records/records-database.ts';
import { isoTime } from '../time/iso-time.ts';
import { readArguments, wrongArguments } from './command.ts';
import type { Command } from './command.ts';
import { withRecords } from './open-database.ts';

const usage = `invigil lti list
invigil lti add --issuer URL --client-id ID --login-url URL --keys-url URL [--token-url URL] [--service-url URL …] --deployment ID …
invigil lti remove --issuer URL --client-id ID
invigil lti invite --platform URL
invigil lti replace-keys

Learning platforms (LTI 1.3). docs/operations/lti.md shows where platforms state these values.

  list           the registered platforms, as JSON
  add            registers a platform. A known issuer and client id again: replaces its addresses and adds deployments
  remove         removes a platform: its links no longer open, and its courses are no longer read. Exams and reports stay
  invite         a link, valid once and for 24 hours, by which the platform at this address registers itself
  replace-keys   removes the keys that sign this tool’s messages; new ones are made when they are needed

  --issuer URL       the platform’s issuer
  --client-id ID     the tool’s client id at the platform
  --login-url URL    the platform’s authentication request URL
  --keys-url URL     the platform’s public keyset URL
  --token-url URL    the platform’s access token URL; without it, its services (members of courses, control) are not used
  --service-url URL  a further host of the platform’s services; may be repeated
  --deployment ID    a deployment id; may be repeated
  --platform URL     the platform’s address`;

const isUrl = (value: string | undefined): value is string =>
  value !== undefined && URL.canParse(value) && ['https:', 'http:'].includes(new URL(value).protocol);

const text = { type: 'string' } as const;
const several = { type: 'string', multiple: true } as const;
const options = {
  issuer: text,
  'client-id': text,
  'login-url': text,
  'keys-url': text,
  'token-url': text,
  'service-url': several,
  deployment: several,
  platform: text,
};
type Values = ReturnType<typeof readArguments<typeof options>>['values'];

const platformIn = (values: Values): { platform: LtiPlatform; deployments: string[] } => {
  const { issuer, 'client-id': clientId, 'login-url': loginUrl, 'keys-url': keysUrl, 'token-url': tokenUrl } = values;
  const { 'service-url': services = [], deployment: deployments = [] } = values;
  if (!isUrl(issuer) || !isUrl(loginUrl) || !isUrl(keysUrl)) {
    throw wrongArguments('--issuer, --login-url and --keys-url must be URLs', usage);
  }
  if ((tokenUrl !== undefined && !isUrl(tokenUrl)) || !services.every(isUrl)) {
    throw wrongArguments('--token-url and --service-url must be URLs', usage);
  }
  if (clientId === undefined || clientId === '') throw wrongArguments('--client-id is missing', usage);
  if (deployments.length === 0) throw wrongArguments('at least one --deployment is needed', usage);
  if (deployments.includes('')) throw wrongArguments('--deployment must not be empty', usage);
  const addresses = { issuer, loginUrl, keysUrl, tokenUrl: tokenUrl ?? null };
  const serviceOrigins = services.map((url) => new URL(url).origin);
  return { platform: { platformId: randomUUID(), clientId, ...addresses, serviceOrigins }, deployments };
};

const actions: Record<
  string,
  (
    database: RecordsDatabase,
    values: Values,
    context: { publicUrl: string | null; now: () => number },
  ) => Promise<string>
> = {
  async list(database) {
    return JSON.stringify(await new LtiRecords(database).list(), null, 2);
  },
  async add(database, values, { now }) {
    const { platform, deployments } = platformIn(values);
    await new LtiRecords(database).register(platform, deployments, isoTime(now()));
    return `registered ${platform.issuer} with ${deployments.length} deployments`;
  },
  async remove(database, { issuer, 'client-id': clientId }) {
    if (issuer === undefined || clientId === undefined) {
      throw wrongArguments('--issuer and --client-id are needed', usage);
    }
    if (await new LtiRecords(database).remove(issuer, clientId)) return `removed ${issuer} (${clientId})`;
    throw wrongArguments(`no platform has the issuer ${issuer} and the client id ${clientId}`, usage);
  },
  async invite(database, { platform }, { publicUrl, now }) {
    if (!isUrl(platform)) throw wrongArguments('--platform must be a URL', usage);
    if (publicUrl === null) throw wrongArguments('PUBLIC_URL is not set, so the link would have no address', usage);
    const invitation = await invitePlatform(new LtiInvitationRecords(database), new URL(platform).origin, now());
    return `${toolAddresses(publicUrl).registrationUrl}/${invitation}`;
  },
  async 'replace-keys'(database) {
    return `removed ${await new LtiToolKeyRecords(database).removeAll()} keys`;
  },
};

export const ltiCommand: Command = {
  usage,
  async run(args, { environment, now, print }) {
    const { values, positionals } = readArguments(args, usage, options);
    const [action = '', ...rest] = positionals;
    const run = Object.hasOwn(actions, action) ? actions[action] : undefined;
    if (rest.length > 0 || run === undefined) {
      throw wrongArguments(`expected one of: ${Object.keys(actions).join(', ')}`, usage);
    }
    const config = loadConfig(environment);
    if (action === 'add') platformIn(values);
    print(await withRecords(config, (database) => run(database, values, { publicUrl: config.publicUrl, now })));
    return 0;
  },
};
