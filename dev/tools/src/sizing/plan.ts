import { CommandError } from '../command/command-line.ts';
import { serverCoresOf, valueAt } from './costs.ts';
import type { StudentCosts } from './costs.ts';

/** What a number of students needs. Cores are those in use, not those to buy; `workers` and `redisPrimaries` are processes to run. */
export interface Plan {
  students: number;
  workers: number;
  /** Machines of `machineCores` cores for the workers; two at least, so that one can be restarted. */
  machines: number;
  serverCores: number;
  redisPrimaries: number;
  redisCores: number;
  redisGb: number;
  postgresCores: number;
  archiveGbPerHour: number;
  /** From and to the students, and between the servers and Redis. */
  studentMbitPerS: number;
  redisMbitPerS: number;
  /** CPU seconds of all workers to start every student’s session and connect. Connecting again takes less: the sessions exist. */
  startCpuS: number;
}

/** A process that uses more of its core has no room for a class that connects, an analysis or the loss of another process. */
const busyShare = 0.6;
const machineCores = 4;
/** One more than needed, and never fewer than this: a machine can fail during an exam. */
const leastMachines = 2;
const redisPrimaryGb = 8;
const framesPerHour = 5 * 3600;
const [gb, mbit] = [1e9, 1e6 / 8];

/** Processes that share a growing cost, when each costs `fixed` itself. @throws CommandError if that leaves no room for students */
const processesFor = (share: number, fixed: number): number => {
  if (fixed < busyShare) return Math.max(1, Math.ceil(share / (busyShare - fixed)));
  throw new CommandError(
    `a process without students uses ${fixed} cores, but none may use more than ${busyShare}; measure the costs again`,
  );
};

/**
 * The plan for a number of students who take exams at the same time.
 *
 * @param archiveBytesPerFrame from `npm run bench:archive`
 * @example planFor(costs, 10_000, 61).workers
 */
export const planFor = (costs: StudentCosts, students: number, archiveBytesPerFrame: number): Plan => {
  const { server, contention } = costs;
  const workers = processesFor(contention * server.each * students, contention * server.fixed);
  const redisGb = (costs.redisBytes * students) / gb;
  const [redisOfWorkers, postgresOfWorkers] = [costs.redis, costs.postgres].map(
    ({ eachWorker }) => eachWorker * (workers - 1),
  ) as [number, number];
  const redisPrimaries = Math.max(
    processesFor(costs.redis.each * students + redisOfWorkers, costs.redis.fixed),
    Math.ceil(redisGb / redisPrimaryGb),
  );
  const perSecond = (bytes: number): number => (bytes * students) / mbit;
  return {
    students,
    workers,
    machines: Math.max(leastMachines, Math.ceil(workers / machineCores) + 1),
    serverCores: serverCoresOf(costs, students, workers),
    redisPrimaries,
    redisCores: valueAt(costs.redis, students, redisPrimaries) + redisOfWorkers,
    redisGb,
    postgresCores: valueAt(costs.postgres, students) + postgresOfWorkers,
    archiveGbPerHour: (archiveBytesPerFrame * framesPerHour * students) / gb,
    studentMbitPerS: perSecond(costs.fromStudent + costs.toStudent),
    redisMbitPerS: perSecond(costs.toRedis + costs.fromRedis),
    startCpuS: (costs.connectCpuMs * students) / 1000,
  };
};
