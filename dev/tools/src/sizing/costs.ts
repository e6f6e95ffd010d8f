import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The costs that were measured last; `npm run bench:ingest -- --only workers --write` writes them. */
export const costsFile = fileURLToPath(new URL('../../../../docs/measurements/student-costs.json', import.meta.url));

/** A cost that grows with the number of students: `fixed` for each process, `each` for each student. */
export interface Line {
  fixed: number;
  each: number;
}

/** The cost of a service that all workers share; `eachWorker` for each worker after the first. */
export interface ServiceLine extends Line {
  eachWorker: number;
}

/** What a student costs who sends five frames a second in one message a second, as measured by `npm run bench:ingest -- --only workers`. */
export interface StudentCosts {
  /** Date, processor and versions. */
  measured: string;
  /** Cores of all worker processes; `fixed` for each worker. Measured with one worker. */
  server: Line;
  /**
   * How many times the CPU time the same work takes while all other cores are busy, as they are with several workers: cores share caches and
   * memory, and often the parts of one processor. At least 1.
   */
  contention: number;
  redis: ServiceLine;
  postgres: ServiceLine;
  /** Server CPU to start a session and connect, milliseconds. */
  connectCpuMs: number;
  /** Bytes a second. */
  fromStudent: number;
  toStudent: number;
  toRedis: number;
  fromRedis: number;
  /** To one proctor who watches the student. */
  toProctor: number;
  redisBytes: number;
}

/** The costs that were measured last. */
export const readCosts = (): StudentCosts => JSON.parse(readFileSync(costsFile, 'utf8')) as StudentCosts;

/** Least squares; the line through the origin and the point if there is only one. */
export const fitLine = (points: readonly (readonly [students: number, value: number])[]): Line => {
  const n = points.length;
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / n;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / n;
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  if (spread === 0) return { fixed: 0, each: meanY / meanX };
  const each = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
  return { fixed: Math.max(0, meanY - each * meanX), each };
};

/** Mean excess over the line for each additional worker, at least 0. */
export const eachWorkerOf = (
  line: Line,
  runs: readonly { students: number; workers: number; value: number }[],
): number => {
  const more = runs
    .filter(({ workers }) => workers > 1)
    .map(({ students, workers, value }) => (value - valueAt(line, students)) / (workers - 1));
  return more.length === 0 ? 0 : Math.max(0, more.reduce((sum, value) => sum + value, 0) / more.length);
};

export const valueAt = ({ fixed, each }: Line, students: number, processes = 1): number =>
  fixed * processes + each * students;

/** Cores of the worker processes of one machine, whose other cores are busy if there are several. */
export const serverCoresOf = (
  { server, contention }: Pick<StudentCosts, 'server' | 'contention'>,
  students: number,
  workers: number,
): number => (workers > 1 ? contention : 1) * valueAt(server, students, workers);
