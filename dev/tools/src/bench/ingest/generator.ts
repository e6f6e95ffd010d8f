/** Students and proctors, in a process of their own, driven by the parent's questions. */
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { framesPerBatch } from './batch-text.ts';
import { end, fill } from './long-sessions.ts';
import { answerParent, sendParent } from './measured-process.ts';
import { percentiles } from './percentiles.ts';
import type { GeneratorAnswers, ProcessAnswers, Traffic } from './questions.ts';
import { classSize, originOf, startSession } from './start-session.ts';
import { Student } from './students.ts';
import { watchClass } from './watch-class.ts';
import type { Proctor } from './watch-class.ts';

/** Sessions that are started, and connections that are opened, at the same time: students of an exam come together. */
const concurrency = { start: 32, connect: 256 };
const tickMs = 4;
const batchEveryMs = 1000;
const stalledMs = 2000;

type Answers = Omit<GeneratorAnswers, keyof ProcessAnswers>;

let students: Student[] = [];
/** Those that are not connected. */
let waiting: Student[] = [];
const proctors: Proctor[] = [];
let relayedMs: number[] = [];
let isWatching = false;
let isPaceStopped = false;

const progress = (done: number, total: number): void => sendParent({ progress: { done, total } });

/** Runs `work` for each item, `atOnce` at a time. */
const forEach = async <T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> => {
  const queue = items.values();
  const run = async (): Promise<void> => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, run));
};

const connectAll = async (list: readonly Student[]): Promise<number[]> => {
  const eachMs: number[] = [];
  await forEach(list, concurrency.connect, async (student) => {
    const fromMs = performance.now();
    await student.connect();
    eachMs.push(performance.now() - fromMs);
  });
  return eachMs;
};

/** Starts the sessions over HTTP, as the server of an exam platform does. */
const start: Answers['start'] = async ({ origins, count, kind, isCompressed = false, token }) => {
  const isReal = kind === 'invigil';
  const from = students.length;
  const added: Student[] = [];
  const startedMs = performance.now();
  const numbers = Array.from({ length: count }, (_, at) => from + at);
  await forEach(numbers, concurrency.start, async (number) => {
    const origin = originOf(origins, number);
    const socketOrigin = origin.replace(/^http/, 'ws');
    const started = isReal ? await startSession(origin, number, token) : null;
    const sessionId = started?.session_id ?? `bare-${number}`;
    const url = `${socketOrigin}/api/v1/session/ws/${sessionId}`;
    const query = started === null || token === undefined ? '' : `?token=${started.token}`;
    added.push(new Student(sessionId, url + query, isCompressed));
  });
  const seconds = (performance.now() - startedMs) / 1000;
  students.push(...added);
  waiting.push(...added);
  return { started_per_s: isReal ? Math.round(count / seconds) : null };
};

const leave: Answers['leave'] = async () => {
  await Promise.all(students.map((student) => student.leave()));
  waiting = [...students];
  return {};
};

/** Connects the students who have started, or have left as if the server had restarted. */
const connect: Answers['connect'] = async () => {
  const fromMs = performance.now();
  const eachMs = await connectAll(waiting.splice(0));
  const seconds = (performance.now() - fromMs) / 1000;
  return { connects_per_s: Math.round(eachMs.length / seconds), connect: percentiles(eachMs) };
};

const disconnect: Answers['disconnect'] = async () => {
  for (const proctor of proctors.splice(0)) proctor.disconnect();
  await leave({});
  [students, waiting] = [[], []];
  return {};
};

/** One proctor for each class, so that every student is watched by one. */
const watch: Answers['watch'] = async ({ origins }) => {
  for (let from = proctors.length * classSize; from < students.length; from += classSize) {
    const pin = from / classSize;
    const members = new Map(students.slice(from, from + classSize).map((student) => [student.sessionId, student]));
    const origin = originOf(origins, pin).replace(/^http/, 'ws');
    const onRelayed = (ms: number): void => {
      if (isWatching) relayedMs.push(ms);
    };
    proctors.push(await watchClass({ url: `${origin}/ws/proctor`, pin, students: members, onRelayed }));
  }
  return { proctors: proctors.length };
};

const total = (what: 'sentFrames' | 'ackedFrames'): number => students.reduce((sum, student) => sum + student[what], 0);

/**
 * Each student sends the next batch when the last one is acknowledged, until `frames` are acknowledged. The number of frames is
 * fixed, not the time, so that the server's code is as warm on a busy machine as on a quiet one.
 */
const saturate: Answers['saturate'] = async ({ frames: wanted, limitS }) => {
  let isOn = true;
  const before = total('ackedFrames');
  const fromMs = performance.now();
  for (const student of students) {
    student.onAck(() => {
      if (isOn) student.send();
    });
    student.send();
  }
  while (total('ackedFrames') - before < wanted && performance.now() - fromMs < limitS * 1000) await delay(20);
  isOn = false;
  const frames = total('ackedFrames') - before;
  const lastedS = (performance.now() - fromMs) / 1000;
  await settled();
  for (const student of students) student.onAck(() => undefined);
  return { frames, seconds: lastedS, settled_frames: total('ackedFrames') - before };
};

/** Bytes on the sockets so far, WebSocket framing included. */
const traffic = (): Traffic => ({
  fromStudents: students.reduce((sum, { sentBytes }) => sum + sentBytes, 0),
  toStudents: students.reduce((sum, { receivedBytes }) => sum + receivedBytes, 0),
  toProctors: proctors.reduce((sum, { receivedBytes }) => sum + receivedBytes(), 0),
});

/** Waits until all frames are acknowledged, or no acknowledgement has arrived for `stalledMs`. */
const settled = async (): Promise<void> => {
  let acked = total('ackedFrames');
  let changedMs = performance.now();
  while (total('sentFrames') > acked && performance.now() - changedMs < stalledMs) {
    await delay(50);
    if (total('ackedFrames') !== acked) changedMs = performance.now();
    acked = total('ackedFrames');
  }
};

/** Each student sends one batch a second, spread over the second, acknowledged or not, until `stopPace` or for `seconds`. */
const pace: Answers['pace'] = async ({ warmSeconds, seconds }) => {
  const ackMs: number[] = [];
  let isMeasuring = false;
  const onAck = (ms: number): void => {
    if (isMeasuring) ackMs.push(ms);
  };
  for (const student of students) student.onAck(onAck);
  relayedMs = [];
  isPaceStopped = false;
  const fromMs = performance.now();
  const measureFromMs = fromMs + warmSeconds * 1000;
  const untilMs = measureFromMs + seconds * 1000;
  let due = 0;
  let sent = 0;
  let ackedBefore = 0;
  let trafficBefore = traffic();
  let busy = performance.eventLoopUtilization();
  for (;;) {
    const nowMs = performance.now();
    if (nowMs >= untilMs || isPaceStopped) break;
    if (!isMeasuring && nowMs >= measureFromMs) {
      isMeasuring = true;
      isWatching = true;
      ackedBefore = total('ackedFrames');
      trafficBefore = traffic();
      busy = performance.eventLoopUtilization();
      sendParent({ progress: { measuring: true } });
    }
    const untilDue = Math.floor(((nowMs - fromMs) / batchEveryMs) * students.length);
    for (; due < untilDue; due += 1) {
      students[due % students.length]?.send();
      if (isMeasuring) sent += framesPerBatch;
    }
    if (due % students.length < students.length / 50) progress(nowMs - fromMs, untilMs - fromMs);
    await delay(tickMs);
  }
  const lastedS = (performance.now() - measureFromMs) / 1000;
  const acked = total('ackedFrames') - ackedBefore;
  const trafficAfter = traffic();
  isMeasuring = false;
  isWatching = false;
  const { utilization } = performance.eventLoopUtilization(busy);
  sendParent({ progress: { measured: true } });
  await settled();
  for (const student of students) student.onAck(() => undefined);
  return {
    offered_frames_per_s: Math.round(sent / lastedS),
    acked_frames_per_s: Math.round(acked / lastedS),
    relay: percentiles(relayedMs),
    ack: percentiles(ackMs),
    generator_busy: utilization,
    unacknowledged: total('sentFrames') - total('ackedFrames'),
    bytes_per_s: {
      fromStudents: (trafficAfter.fromStudents - trafficBefore.fromStudents) / lastedS,
      toStudents: (trafficAfter.toStudents - trafficBefore.toStudents) / lastedS,
      toProctors: (trafficAfter.toProctors - trafficBefore.toProctors) / lastedS,
    },
  };
};

const stopPace: Answers['stopPace'] = () => {
  isPaceStopped = true;
  return {};
};

/** Requests analyses of different students, one after the other, for `seconds`. */
const analyze: Answers['analyze'] = async ({ origins, seconds }) => {
  const eachMs: number[] = [];
  const untilMs = performance.now() + seconds * 1000;
  for (let at = 0; performance.now() < untilMs; at += 1) {
    const number = (at * 7) % students.length;
    const origin = originOf(origins, number);
    const fromMs = performance.now();
    const response = await fetch(`${origin}/api/v1/session/${students[number]?.sessionId}/analyze`, { method: 'POST' });
    await response.arrayBuffer();
    if (response.ok) eachMs.push(performance.now() - fromMs);
    await delay(50);
  }
  return percentiles(eachMs);
};

answerParent({
  start,
  connect,
  leave,
  disconnect,
  watch,
  saturate,
  pace,
  stopPace,
  fill,
  end,
  analyze,
} satisfies Answers);
sendParent({ started: {} });
