import { BaseSequencer } from 'vitest/node';
import type { TestSpecification } from 'vitest/node';

/** These projects start before others of their group, so that short files are left for its end. */
const projectsFirst = ['ingest', 'engine-delivery', 'e2e-servers', 'engine-pages'];

/**
 * Files that take most of a minute, in the order in which they start. A run without an earlier one's times starts large files first,
 * and these are short, so the last workers of a group would wait for them.
 */
export const filesFirst = [
  'ingest/test/process.test.ts',
  'ingest/test/conformance/replicas-on-nats.test.ts',
  'ingest/src/records/migrations.test.ts',
  'ingest/test/report.test.ts',
  'ingest/test/conformance/replicas-on-redis.test.ts',
  'ingest/test/exam-channel.test.ts',
  'ingest/test/access-table.test.ts',
  'ingest/test/conformance/one-replica.test.ts',
  'ingest/test/workers.test.ts',
  'ingest/test/graceful-stop.test.ts',
  'engine/test/delivery/real-server.test.ts',
  'engine/test/delivery/access.test.ts',
  'dev/e2e/test/servers/faults.test.ts',
  'dev/e2e/test/servers/rolling-restart/rolling-restart.test.ts',
  'demo/test/review.test.ts',
  'demo/test/languages.test.ts',
  'demo/test/exam-door.test.ts',
  'engine/test/element.test.ts',
  'engine/test/camera.test.ts',
  'dev/e2e/test/whole-session.test.ts',
];

const placeIn = (list: readonly string[], isAt: (entry: string) => boolean): number => {
  const at = list.findIndex(isAt);
  return at === -1 ? list.length : at;
};

/** Within a group and a project, starts the slow files first. */
export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const places = new Map(
      sorted.map((file, place) => [
        file,
        [
          file.project.config.sequence.groupOrder,
          placeIn(projectsFirst, (name) => name === file.project.name),
          // Files of a project stay together, because its workers keep their modules.
          sorted.findIndex(({ project }) => project === file.project),
          placeIn(filesFirst, (path) => file.moduleId.endsWith(`/${path}`)),
          place,
        ],
      ]),
    );
    return sorted.toSorted((a, b) => {
      const [first, second] = [places.get(a) ?? [], places.get(b) ?? []];
      const at = first.findIndex((value, index) => value !== second[index]);
      return at === -1 ? 0 : (first[at] ?? 0) - (second[at] ?? 0);
    });
  }
}
