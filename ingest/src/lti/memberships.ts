import * as v from 'valibot';
import type { LtiPlatform } from '../model/lti-platform.ts';
import { scopes } from './claim-names.ts';
import { courseRoleOf } from './launch-user.ts';
import { nextLink } from './next-link.ts';
import type { PlatformServices } from './platform-services.ts';
import { ServiceError } from './service-request.ts';
import { PlatformIdSchema, shortText } from './stored-text.ts';

/** An active member of a course who is a teacher or a student in it. */
export interface CourseMember {
  subject: string;
  name: string | null;
  part: 'teacher' | 'student';
}

const mediaType = 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json';
const maxPages = 100;
const maxMembers = 10_000;

const MemberSchema = v.object({
  user_id: PlatformIdSchema,
  roles: v.array(v.string()),
  // Members without a status are active (section 2.3).
  status: v.optional(v.string(), 'Active'),
  name: v.optional(v.nullable(v.string())),
});
const PageSchema = v.object({ members: v.array(MemberSchema) });

/**
 * The members of a course, from all pages (Names and Role Provisioning Services 2.0). Either all of them or an error: a list that is not
 * complete would look like members who left. @throws ServiceError
 */
export const readMemberships = async (
  services: PlatformServices,
  platform: LtiPlatform,
  url: string,
): Promise<CourseMember[]> => {
  const members = new Map<string, CourseMember>();
  let next: string | null = url;
  for (let pages = 0; next !== null; pages++) {
    if (pages >= maxPages) throw new ServiceError('too_large');
    const { json, headers } = await services.request(platform, scopes.memberships, next, {
      method: 'GET',
      headers: { Accept: mediaType },
    });
    const page = v.safeParse(PageSchema, json);
    if (!page.success) throw new ServiceError('invalid');
    for (const { user_id: subject, roles, status, name } of page.output.members) {
      const part = status === 'Active' ? courseRoleOf(roles) : null;
      if (part === null) continue;
      members.set(subject, { subject, name: shortText(name), part });
    }
    if (members.size > maxMembers) throw new ServiceError('too_large');
    next = nextLink(headers.get('link'), next);
  }
  return [...members.values()];
};
