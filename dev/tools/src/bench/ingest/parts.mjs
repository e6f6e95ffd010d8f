import { cpus } from 'node:os';
import { coresBetween } from './bench.mjs';

const rounded = (value, digits = 0) => Number(value.toFixed(digits));
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const sum = (values) => values.reduce((total, value) => total + value, 0);

const saturated = async (bench, servers, wanted, limitS) => {
  const before = await bench.cpu(servers);
  const {
    frames,
    seconds: lastedS,
    settled_frames: settled,
  } = await bench.generator.ask('saturate', { frames: wanted, limitS });
  const after = await bench.cpu(servers);
  const serverMs = sum(after.serversMs.map((ms, at) => ms - before.serversMs[at]));
  return {
    frames_per_s: rounded(frames / lastedS),
    frames_per_server_cpu_s: rounded(settled / (serverMs / 1000)),
    cores: coresBetween(before, after),
  };
};

const ways = {
  bare: { title: 'bare loop', kind: 'bare', isCompressed: false },
  invigil: { title: 'Invigil', kind: 'invigil', isCompressed: false },
  compressed: { title: 'Invigil, compressed', kind: 'invigil', isCompressed: true },
};

const oneRound = async (bench, { kind, isCompressed }, { warmFrames, roundFrames, limitS, saturating }) => {
  const server = await (kind === 'bare' ? bench.startBare() : bench.startInvigil());
  await bench.generator.ask('connect', { origins: [server.origin], count: saturating, kind, isCompressed });
  // Compiled and grown: what is measured is the long run.
  await saturated(bench, [server], warmFrames, limitS);
  const work = () => saturated(bench, [server], roundFrames, limitS);
  const measured = await (kind === 'bare' ? work() : bench.profiled(server, 'throughput', work));
  await bench.generator.ask('disconnect', {});
  await bench.stop(server);
  await bench.emptyRedis();
  return measured;
};

/**
 * Bare loop and server by turns, on the same machine in the same minute, each with as much as it can take. The third way is the
 * server's own with clients that compress, as browsers do; the bare loop cannot.
 */
export const throughput = async (bench, options, say) => {
  const results = { bare: [], invigil: [], compressed: [] };
  for (let round = 0; round < options.rounds; round += 1) {
    for (const [name, way] of Object.entries(ways)) {
      say(`throughput, ${way.title}`, round / options.rounds);
      const measured = await oneRound(bench, way, options);
      results[name].push(measured);
    }
  }
  const summary = (list) => ({
    frames_per_s: median(list.map((each) => each.frames_per_s)),
    frames_per_server_cpu_s: median(list.map((each) => each.frames_per_server_cpu_s)),
    rounds: list,
  });
  const [bare, invigil, compressed] = [results.bare, results.invigil, results.compressed].map(summary);
  return {
    connections: options.saturating,
    bare,
    invigil,
    compressed,
    ratio: rounded(invigil.frames_per_server_cpu_s / bare.frames_per_server_cpu_s, 3),
    ratio_compressed: rounded(compressed.frames_per_server_cpu_s / bare.frames_per_server_cpu_s, 3),
  };
};

const perConnection = (before, after, count) => ({
  rss_kb: rounded((after.rssBytes - before.rssBytes) / count / 1024, 1),
  held_kb: rounded((after.heldBytes - before.heldBytes) / count / 1024, 1),
});

/** How fast students come in, and what one that says nothing costs. */
export const connections = async (bench, { quiet }, say) => {
  const measure = async (kind) => {
    say(`connections, ${kind === 'bare' ? 'bare loop' : 'Invigil'}`, kind === 'bare' ? 0 : 0.4);
    const server = await (kind === 'bare' ? bench.startBare() : bench.startInvigil());
    const ask = (what, more = {}) => bench.generator.ask(what, { origins: [server.origin], kind, ...more });
    // Code that is compiled at first use is no connection's cost.
    await ask('connect', { count: Math.min(200, quiet) });
    await ask('disconnect', {});
    const before = await server.child.ask('memory', {});
    const cpuBefore = await bench.cpu([server]);
    const connected = await ask('connect', { count: quiet });
    const cpuAfter = await bench.cpu([server]);
    const after = await server.child.ask('memory', {});
    const again = kind === 'bare' ? null : await ask('reconnect');
    await ask('disconnect', {});
    await bench.stop(server);
    await bench.emptyRedis();
    return {
      connections: quiet,
      ...perConnection(before, after, quiet),
      started_per_s: connected.started_per_s,
      connects_per_s: connected.connects_per_s,
      connect: connected.connect,
      server_cpu_ms_per_connection: rounded((cpuAfter.serversMs[0] - cpuBefore.serversMs[0]) / quiet, 3),
      reconnects_per_s: again?.connects_per_s ?? null,
    };
  };
  return { bare: await measure('bare'), invigil: await measure('invigil') };
};

/** One step of the curve: so many students, each with one batch of five frames a second, each watched by a proctor. */
const step = async (bench, servers, { paceWarmS, paceS, isCompressed }, students, connected) => {
  const origins = servers.map(({ origin }) => origin);
  await bench.generator.ask('connect', { origins, kind: 'invigil', isCompressed, count: students - connected });
  const { proctors } = await bench.generator.ask('watch', { origins });
  let before;
  let after;
  let analyzing = Promise.resolve(null);
  const looks = [];
  bench.onProgress((note) => {
    if (note.measuring) {
      looks.push(bench.cpu(servers).then((cpu) => (before = cpu)));
      analyzing = bench.generator.ask('analyze', { origins, seconds: paceS - 1 });
    }
    if (note.measured) looks.push(bench.cpu(servers).then((cpu) => (after = cpu)));
  });
  const paced = await bench.profiled(servers[0], `students-${students}`, () =>
    bench.generator.ask('pace', { warmSeconds: paceWarmS, seconds: paceS }),
  );
  bench.onProgress(() => undefined);
  await Promise.all(looks);
  return { students, proctors, ...paced, analyze: await analyzing, cores: coresBetween(before, after) };
};

const fullCore = 0.93;

/** Which part had no more to give, of those that can be seen from here. */
const limitOf = ({ cores, generator_busy: busy, relay, acked_frames_per_s: acked, offered_frames_per_s: offered }) => {
  const isBent = acked < 0.97 * offered || (relay.p99_ms ?? Infinity) > 200;
  if (!isBent) return null;
  if (Math.max(...cores.server) > fullCore) return 'server';
  if (cores.redis > fullCore) return 'redis';
  if (busy > fullCore || cores.generator > fullCore) return 'generator';
  return sum([...cores.server, cores.redis, cores.generator]) > cpus().length * fullCore ? 'machine' : 'unknown';
};

/** More and more students on one server, until it bends. */
export const curve = async (bench, options, say) => {
  const server = await bench.startInvigil();
  const steps = [];
  for (const [at, students] of options.steps.entries()) {
    say(`${students} students`, at / options.steps.length);
    const result = await step(bench, [server], options, students, options.steps[at - 1] ?? 0);
    steps.push({ ...result, limit: limitOf(result) });
  }
  const redisBytes = await bench.redisBytes();
  await bench.generator.ask('disconnect', {});
  await bench.stop(server);
  const frames = steps.reduce(
    (total, { acked_frames_per_s: rate }) => total + rate * (options.paceWarmS + options.paceS),
    0,
  );
  await bench.emptyRedis();
  const redisBytesPerFrame = (redisBytes - (await bench.redisBytes())) / frames;
  return {
    steps,
    bends_at: steps.find(({ limit }) => limit !== null)?.students ?? null,
    bends_first: steps.find(({ limit }) => limit !== null)?.limit ?? null,
    redis_bytes_per_frame: rounded(redisBytesPerFrame),
  };
};

/**
 * One replica, then two, each pinned to a core of its own, on one Redis; the generator and Redis run on the same cores. So the frames
 * a second say little on a small machine, and the frames for each second of server CPU are what scales.
 */
export const replicas = async (bench, { warmFrames, roundFrames, limitS, saturating }, say) => {
  if (process.platform !== 'linux' || cpus().length < 2) return null;
  const measure = async (cores, done) => {
    say(`${cores.length} ${cores.length === 1 ? 'replica' : 'replicas'}`, done);
    const servers = [];
    for (const core of cores)
      servers.push(await bench.startInvigil({ cores: core, folder: `replicas-${cores.length}` }));
    const origins = servers.map(({ origin }) => origin);
    await bench.generator.ask('connect', { origins, kind: 'invigil', count: saturating });
    await saturated(bench, servers, warmFrames * cores.length, limitS);
    const result = await saturated(bench, servers, roundFrames * cores.length, limitS);
    await bench.generator.ask('disconnect', {});
    for (const server of servers) await bench.stop(server);
    await bench.emptyRedis();
    return result;
  };
  const one = await measure(['0'], 0);
  const two = await measure(['0', '1'], 0.4);
  return {
    one,
    two,
    scaling: rounded((2 * two.frames_per_server_cpu_s) / one.frames_per_server_cpu_s, 2),
    scaling_of_frames_per_s: rounded(two.frames_per_s / one.frames_per_s, 2),
  };
};
