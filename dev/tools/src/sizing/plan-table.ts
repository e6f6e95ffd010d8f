import type { Line, ServiceLine, StudentCosts } from './costs.ts';
import type { Plan } from './plan.ts';

const number = (value: number, digits = 1): string =>
  value.toLocaleString('en', { maximumFractionDigits: value >= 100 ? 0 : digits });

const costOf = ({ fixed, each }: Line): string =>
  `${number(fixed, 3)} of a core for each of its processes, ${number(each * 1000, 3)} for each 1,000 students`;

const costOfService = (line: ServiceLine): string =>
  `${costOf(line)}, ${number(line.eachWorker, 3)} for each server process after the first`;

/** The costs of a student, and the plans, as Markdown. */
export const planTable = (costs: StudentCosts, plans: readonly Plan[]): string => {
  const row = (title: string, of: (plan: Plan) => string): string =>
    `| ${title} | ${plans.map((plan) => of(plan)).join(' | ')} |`;
  return [
    `Measured: ${costs.measured} Server CPU: ${costOf(costs.server)}, times ${number(costs.contention, 2)} because the other cores are busy too. Redis CPU: ${costOfService(costs.redis)}. Postgres CPU: ${costOfService(costs.postgres)}.`,
    '',
    row('students at the same time', ({ students }) => number(students)),
    `|---|${plans.map(() => '---|').join('')}`,
    row('server: cores in use', ({ serverCores }) => number(serverCores)),
    row('server: processes (`WORKERS`), six tenths of a core each', ({ workers }) => number(workers)),
    row('server: machines of 4 cores, one of them spare', ({ machines }) => number(machines)),
    row('Redis: cores in use', ({ redisCores }) => number(redisCores)),
    row('Redis: memory, GB', ({ redisGb }) => number(redisGb)),
    row('Redis: primaries, each with one replica', ({ redisPrimaries }) => number(redisPrimaries)),
    row('Postgres: cores in use', ({ postgresCores }) => number(postgresCores, 2)),
    row('archive, GB an hour', ({ archiveGbPerHour }) => number(archiveGbPerHour)),
    row('network to and from students, Mbit/s', ({ studentMbitPerS }) => number(studentMbitPerS)),
    row('network between servers and Redis, Mbit/s', ({ redisMbitPerS }) => number(redisMbitPerS)),
    row('server: CPU to start everybody’s sessions and connect them, s', ({ startCpuS }) => number(startCpuS)),
  ].join('\n');
};
