import type { JWTPayload } from 'jose';
import * as v from 'valibot';
import type { LtiPlatform } from '../model/lti-platform.ts';
import { deepLinkingClaim } from './claim-names.ts';
import { LaunchRefusal } from './launch-refusal.ts';
import { isPageUrl } from './platform-urls.ts';
import { StoredTextSchema } from './stored-text.ts';

export interface DeepLinkSettings {
  returnUrl: string;
  /** Must be returned unchanged. */
  data: string | null;
  /** Suggested by the platform. */
  title: string | null;
  opensWindows: boolean;
}

const maxDataLength = 16_000;
const maxTypes = 50;
const maxUrlLength = 2000;
const maxTitleLength = 200;

const NamesSchema = v.pipe(v.array(v.string()), v.maxLength(maxTypes));
const SettingsSchema = v.object({
  deep_link_return_url: v.pipe(v.string(), v.maxLength(maxUrlLength), v.url()),
  accept_types: NamesSchema,
  accept_presentation_document_targets: NamesSchema,
  data: v.optional(v.pipe(StoredTextSchema, v.maxLength(maxDataLength))),
  title: v.optional(v.string()),
});

/** Deep Linking 2.0, section 4.4.1. @throws LaunchRefusal `deep_linking` or `accept_types` */
export const readDeepLinkSettings = (payload: JWTPayload, platform: LtiPlatform): DeepLinkSettings => {
  const result = v.safeParse(SettingsSchema, payload[deepLinkingClaim('deep_linking_settings')]);
  if (!result.success || !isPageUrl(platform, result.output.deep_link_return_url))
    throw new LaunchRefusal('deep_linking');
  const { deep_link_return_url: returnUrl, accept_types: types, data = null, title = '' } = result.output;
  if (!types.includes('ltiResourceLink')) throw new LaunchRefusal('accept_types');
  return {
    returnUrl,
    data,
    title: title.trim() === '' ? null : title.trim().slice(0, maxTitleLength),
    opensWindows: result.output.accept_presentation_document_targets.includes('window'),
  };
};
