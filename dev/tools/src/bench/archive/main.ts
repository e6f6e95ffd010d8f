/** Measures what running sessions take in Redis and in the archive, and compares their dumps. `--help` prints the options. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRedis } from '@invigil/testkit/services/redis-service';
import { commandLine, numberOption, runCommand } from '../../command/command-line.ts';
import { createProgress } from '../../command/progress.ts';
import { runExam } from './simulated-exam.ts';
import type { ExamFigures } from './simulated-exam.ts';

const usage = `npm run bench:archive -- [--students N] [--seconds N] [--compare N] [--json]

Runs an exam of N students on a real server and a real Redis, at five frames a second each, with a simulated clock: an hour takes
minutes. Prints Redis's memory for each student, the archive's bytes for each frame, and whether the dumps equal, byte for byte, those
of a second run in which all frames stay in Redis. Exits with 1 if a dump differs or a limit is exceeded. Needs redis-server.

  --students N   students (default 200)
  --seconds N    simulated seconds of the exam (default 3600)
  --compare N    students whose dumps are compared (default: all)
  --json         prints the figures as one object
  --help         this text`;

/** The limits that the project promises. */
const maxRedisBytesPerStudent = 1_000_000;
const maxArchiveBytesPerFrame = 150;
/** In the second run, frames of one student take 20 MB an hour in Redis. */
const comparedAtOnce = 20;

interface Options {
  students: number;
  seconds: number;
  compared: number;
}

const runs = async ({ students, seconds, compared }: Options, redisUrl: string, folder: string) => {
  const ids = Array.from({ length: students }, (_, at) => `student-${at}`);
  const run = async (name: string, some: readonly string[], archiveDir: string | null): Promise<ExamFigures> => {
    const progress = createProgress(archiveDir === null ? `Without archive, ${name}` : 'With archive');
    const onProgress = (doneSeconds: number): void =>
      progress.update(doneSeconds, seconds, `${doneSeconds} of ${seconds} s`);
    const home = join(folder, name);
    const figures = await runExam({ students: some, seconds, archiveDir, redisUrl, folder: home, onProgress });
    progress.done('done');
    return figures;
  };
  const archived = await run('archived', ids, join(folder, 'archive'));
  const plain = new Map<string, string>();
  for (let from = 0; from < compared; from += comparedAtOnce) {
    const some = ids.slice(from, Math.min(from + comparedAtOnce, compared));
    for (const [id, hash] of (await run(`students ${from}–${from + some.length - 1}`, some, null)).dumps)
      plain.set(id, hash);
  }
  return { archived, plain };
};

await runCommand(async () => {
  const { values } = commandLine(usage, {
    json: { type: 'boolean' },
    students: { type: 'string' },
    seconds: { type: 'string' },
    compare: { type: 'string' },
  });
  const students = numberOption('students', values.students ?? '200', { min: 1, max: 2000, integer: true });
  const seconds = numberOption('seconds', values.seconds ?? '3600', { min: 5, max: 10_800, integer: true });
  const compared = numberOption('compare', values.compare ?? String(students), {
    min: 0,
    max: students,
    integer: true,
  });
  const folder = await mkdtemp(join(tmpdir(), 'invigil-archive-'));
  const redis = await startRedis();
  try {
    const { archived, plain } = await runs({ students, seconds, compared }, redis.url, folder);
    const different = [...plain].filter(([id, hash]) => archived.dumps.get(id) !== hash).map(([id]) => id);
    const redisBytes = Math.round(archived.redisPeakBytes / students);
    const { archivedFrames, archivedBytes } = archived;
    const frameBytes = archivedFrames === 0 ? null : Math.round((archivedBytes / archivedFrames) * 10) / 10;
    const ok =
      different.length === 0 &&
      redisBytes <= maxRedisBytesPerStudent &&
      (frameBytes === null || frameBytes <= maxArchiveBytesPerFrame);
    if (!ok) process.exitCode = 1;
    const figures = {
      ok,
      students,
      seconds,
      redis_peak_bytes_per_student: redisBytes,
      archived_frames: archivedFrames,
      archive_bytes_per_frame: frameBytes,
      dumps_compared: plain.size,
      dumps_different: different,
    };
    if (values.json) return console.log(JSON.stringify(figures));
    console.log(`Redis: at most ${redisBytes} bytes a student (limit ${maxRedisBytesPerStudent})`);
    console.log(
      `archive: ${archivedFrames} frames, ${frameBytes ?? '–'} bytes each (limit ${maxArchiveBytesPerFrame})`,
    );
    console.log(`dumps: ${plain.size} compared, ${different.length} different ${different.join(' ')}`.trimEnd());
  } finally {
    await redis.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
