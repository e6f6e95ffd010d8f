import type { JWTPayload } from 'jose';
import * as v from 'valibot';
import type { LtiPlatform } from '../model/lti-platform.ts';
import { claim, proctoringClaim } from './claim-names.ts';
import { readDeepLinkSettings } from './deep-link-settings.ts';
import type { DeepLinkSettings } from './deep-link-settings.ts';
import { LaunchRefusal } from './launch-refusal.ts';
import { isPageUrl } from './platform-urls.ts';
import { PlatformIdSchema, StoredTextSchema, shortText } from './stored-text.ts';

interface ResourceLink {
  id: string;
  title: string | null;
}

/** An attempt that the platform asks this tool to proctor (1EdTech Proctoring Services 1.0, LtiStartProctoring). */
interface ProctoringStart {
  attemptNumber: number;
  sessionData: string;
  startAssessmentUrl: string;
  control: { url: string; actions: readonly string[] } | null;
}

interface LaunchUser {
  deploymentId: string;
  contextId: string | null;
  subject: string;
  name: string | null;
  roles: readonly string[];
}

interface LinkLaunch extends LaunchUser {
  link: ResourceLink;
  /** The exam that a teacher chose for the link, as the tool named it to the platform. */
  itemId: string | null;
  /** Where the platform lists the members of the course (Names and Role Provisioning Services 2.0). */
  membershipsUrl: string | null;
}

/** A verified launch: the claims that this tool reads, by type of message. */
export type Launch =
  | (LinkLaunch & { message: 'resource_link' })
  | (LaunchUser & { message: 'deep_linking'; settings: DeepLinkSettings })
  | (LinkLaunch & { message: 'start_proctoring'; start: ProctoringStart })
  | (LinkLaunch & { message: 'end_assessment'; attemptNumber: number; sessionData: string | null; hasFailed: boolean });

const maxActionLength = 200;
const maxSessionDataLength = 8000;
const maxUrlLength = 2000;
const maxActions = 20;

const UrlSchema = v.pipe(v.string(), v.maxLength(maxUrlLength), v.url());
const AttemptNumberSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const SessionDataSchema = v.pipe(StoredTextSchema, v.minLength(1), v.maxLength(maxSessionDataLength));
const ControlSchema = v.object({
  actions: v.pipe(v.array(v.pipe(StoredTextSchema, v.maxLength(maxActionLength))), v.maxLength(maxActions)),
  assessment_control_url: UrlSchema,
});

const parsed = <Output>(schema: v.GenericSchema<unknown, Output>, value: unknown): Output | null => {
  const result = v.safeParse(schema, value);
  return result.success ? result.output : null;
};

/** @throws LaunchRefusal with the first reason */
export const readLaunchClaims = (
  payload: JWTPayload,
  { targetLinkUri, platform }: { targetLinkUri: string; platform: LtiPlatform },
): Launch => {
  if (payload[claim('version')] !== '1.3.0') throw new LaunchRefusal('version');
  const message = messages.get(payload[claim('message_type')]);
  if (message === undefined) throw new LaunchRefusal('message_type');
  const deploymentId = parsed(PlatformIdSchema, payload[claim('deployment_id')]);
  if (deploymentId === null) throw new LaunchRefusal('deployment');
  if (payload[claim('target_link_uri')] !== targetLinkUri) throw new LaunchRefusal('target_link');
  // A request to choose an exam belongs to no link yet.
  const link = message === 'deep_linking' ? null : readLink(payload);
  const subject = parsed(PlatformIdSchema, payload.sub);
  if (subject === null) throw new LaunchRefusal('user');
  const user = {
    deploymentId,
    contextId: parsed(v.object({ id: PlatformIdSchema }), payload[claim('context')])?.id ?? null,
    subject,
    name: shortText(payload['name']),
    roles: parsed(v.array(v.string()), payload[claim('roles')]) ?? [],
  };
  if (message === 'deep_linking' || link === null) {
    return { ...user, message: 'deep_linking', settings: readDeepLinkSettings(payload, platform) };
  }
  const linked = { ...user, ...link };
  if (message === 'start_proctoring') return { ...linked, message, start: readStart(payload, platform) };
  if (message === 'end_assessment') return { ...linked, message, ...readEnd(payload) };
  return { ...linked, message };
};

const messages: ReadonlyMap<unknown, Launch['message']> = new Map([
  ['LtiResourceLinkRequest', 'resource_link'],
  ['LtiDeepLinkingRequest', 'deep_linking'],
  ['LtiStartProctoring', 'start_proctoring'],
  ['LtiEndAssessment', 'end_assessment'],
]);

const readLink = (payload: JWTPayload): Pick<LinkLaunch, 'link' | 'itemId' | 'membershipsUrl'> => {
  const link = parsed(
    v.object({ id: PlatformIdSchema, title: v.optional(v.unknown()) }),
    payload[claim('resource_link')],
  );
  if (link === null) throw new LaunchRefusal('resource_link');
  const memberships = payload['https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice'];
  return {
    link: { id: link.id, title: shortText(link.title) },
    itemId: parsed(v.object({ invigil_item: PlatformIdSchema }), payload[claim('custom')])?.invigil_item ?? null,
    membershipsUrl:
      parsed(v.object({ context_memberships_url: UrlSchema }), memberships)?.context_memberships_url ?? null,
  };
};

const readStart = (payload: JWTPayload, platform: LtiPlatform): ProctoringStart => {
  const attemptNumber = parsed(AttemptNumberSchema, payload[proctoringClaim('attempt_number')]);
  const sessionData = parsed(SessionDataSchema, payload[proctoringClaim('session_data')]);
  const startAssessmentUrl = parsed(UrlSchema, payload[proctoringClaim('start_assessment_url')]);
  if (
    attemptNumber === null ||
    sessionData === null ||
    startAssessmentUrl === null ||
    !isPageUrl(platform, startAssessmentUrl)
  ) {
    throw new LaunchRefusal('attempt');
  }
  const control = parsed(ControlSchema, payload[proctoringClaim('acs')]);
  return {
    attemptNumber,
    sessionData,
    startAssessmentUrl,
    control: control === null ? null : { url: control.assessment_control_url, actions: control.actions },
  };
};

const readEnd = (payload: JWTPayload) => {
  const attemptNumber = parsed(AttemptNumberSchema, payload[proctoringClaim('attempt_number')]);
  if (attemptNumber === null) throw new LaunchRefusal('attempt');
  return {
    attemptNumber,
    sessionData: parsed(SessionDataSchema, payload[proctoringClaim('session_data')]),
    hasFailed: ['errormsg', 'errorlog'].some((name) => payload[proctoringClaim(name)] !== undefined),
  };
};
