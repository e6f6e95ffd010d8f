import type { DeepLinking, ExamChoice } from './deep-linking.ts';
import { resourceLinkOf } from './exam-places.ts';
import type { ExamPlaces } from './exam-places.ts';
import type { Launch } from './launch-claims.ts';
import { partOf } from './launch-user.ts';
import type { VerifiedLaunch } from './launches.ts';
import type { Proctoring } from './proctoring.ts';
import type { Rosters } from './rosters.ts';

/** Where the browser goes after a launch. */
export type Arrival =
  | { kind: 'teacher'; path: string; session: { cookie: string; expiresAtMs: number } }
  | { kind: 'student'; path: string }
  | { kind: 'choice'; choice: ExamChoice; platformOrigin: string }
  | { kind: 'ended' };

export interface ArrivalsOptions {
  places: ExamPlaces;
  deepLinking: DeepLinking;
  proctoring: Proctoring;
  rosters: Pick<Rosters, 'follow'>;
}

/** What a verified launch leads to. */
export class Arrivals {
  readonly #options: ArrivalsOptions;

  constructor(options: ArrivalsOptions) {
    this.#options = options;
  }

  /** @throws LaunchRefusal */
  async of({ platform, launch }: VerifiedLaunch): Promise<Arrival> {
    const { deepLinking, proctoring } = this.#options;
    switch (launch.message) {
      case 'resource_link':
        return this.#enter(platform, launch);
      case 'deep_linking': {
        const choice = await deepLinking.begin(platform, launch);
        return { kind: 'choice', choice, platformOrigin: new URL(platform.loginUrl).origin };
      }
      case 'start_proctoring':
        return { kind: 'student', path: await proctoring.begin(platform, launch) };
      case 'end_assessment':
        await proctoring.end(platform, launch);
        return { kind: 'ended' };
    }
  }

  async #enter(
    platform: VerifiedLaunch['platform'],
    launch: Extract<Launch, { message: 'resource_link' }>,
  ): Promise<Arrival> {
    const { places, rosters } = this.#options;
    if (partOf(launch.roles) === 'student') {
      const { path } = await places.enterAsStudent(platform, launch);
      return { kind: 'student', path };
    }
    const { examId, path, session } = await places.enterAsTeacher(platform, launch);
    if (launch.membershipsUrl !== null && platform.tokenUrl !== null) {
      await rosters.follow({ ...resourceLinkOf(platform, launch), examId, membershipsUrl: launch.membershipsUrl });
    }
    return { kind: 'teacher', path, session };
  }
}
