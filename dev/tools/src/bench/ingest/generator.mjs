/** Students and proctors, in a process of their own, driven by the parent's questions. */
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { framesPerBatch } from './batch-text.mjs';
import { answerParent } from './measured-process.mjs';
import { percentiles } from './percentiles.mjs';
import { Student } from './students.mjs';
import { watchClass } from './watch-class.mjs';

const classSize = 40;
const tickMs = 4;
const batchEveryMs = 1000;
const stalledMs = 2000;

/** @type {Student[]} */
let students = [];
let proctors = [];
let relayedMs = [];
let isWatching = false;

const progress = (done, total) => process.send({ progress: { done, total } });

/** Runs `work` for each item, `atOnce` at a time. */
const forEach = async (items, atOnce, work) => {
  let next = 0;
  const run = async () => {
    while (next < items.length) await work(items[next++]);
  };
  await Promise.all(Array.from({ length: atOnce }, run));
};

const start = async (origin, number) => {
  const response = await fetch(`${origin}/api/v1/session/start`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ exam_id: `pin-${Math.floor(number / classSize)}`, member_id: `student-${number}` }),
  });
  if (!response.ok) throw new Error(`start answered ${response.status}`);
  return response.json();
};

/** Sessions are started over HTTP beforehand, as an exam's own server does; then the students come. */
const connect = async ({ origins, count, kind, isCompressed = false, atOnce = 32 }) => {
  const isReal = kind === 'invigil';
  const from = students.length;
  const added = Array.from({ length: count }, (_, at) => ({ number: from + at, student: null }));
  const startedMs = performance.now();
  await forEach(added, atOnce, async (each) => {
    const origin = origins[each.number % origins.length];
    const socketOrigin = origin.replace(/^http/, 'ws');
    const sessionId = isReal ? (await start(origin, each.number)).session_id : `bare-${each.number}`;
    each.student = new Student(sessionId, `${socketOrigin}/api/v1/session/ws/${sessionId}`, isCompressed);
  });
  const startMs = performance.now() - startedMs;
  const connectedMs = performance.now();
  const eachMs = [];
  await forEach(added, atOnce, async ({ student }) => {
    const beganMs = performance.now();
    await student.connect(isReal);
    eachMs.push(performance.now() - beganMs);
  });
  const seconds = (performance.now() - connectedMs) / 1000;
  students.push(...added.map(({ student }) => student));
  return {
    connections: students.length,
    started_per_s: isReal ? Math.round(count / (startMs / 1000)) : null,
    connects_per_s: Math.round(count / seconds),
    connect: percentiles(eachMs),
  };
};

/** Cuts all students off and lets them come back at once, as after a restart of the server. */
const reconnect = async ({ atOnce = 32 }) => {
  await Promise.all(students.map((student) => student.leave()));
  const fromMs = performance.now();
  const eachMs = [];
  await forEach(students, atOnce, async (student) => {
    const beganMs = performance.now();
    await student.connect(true);
    eachMs.push(performance.now() - beganMs);
  });
  return {
    connects_per_s: Math.round(students.length / ((performance.now() - fromMs) / 1000)),
    connect: percentiles(eachMs),
  };
};

const disconnect = async () => {
  for (const leave of proctors.splice(0)) leave();
  await Promise.all(students.map((student) => student.leave()));
  students = [];
  return {};
};

/** One proctor for each class, so that every student is watched by one. */
const watch = async ({ origins }) => {
  for (let from = proctors.length * classSize; from < students.length; from += classSize) {
    const pin = from / classSize;
    const members = new Map(students.slice(from, from + classSize).map((student) => [student.sessionId, student]));
    const origin = origins[pin % origins.length].replace(/^http/, 'ws');
    const onRelayed = (ms) => isWatching && relayedMs.push(ms);
    proctors.push(await watchClass({ url: `${origin}/ws/proctor`, pin, students: members, onRelayed }));
  }
  return { proctors: proctors.length };
};

const total = (what) => students.reduce((sum, student) => sum + student[what], 0);

/**
 * Each student sends the next batch when the last one is acknowledged: as much as the server can take, until there are so many
 * frames. By their number and not by the clock, so that on a busy machine the server's code is as warm as on a quiet one.
 */
const saturate = async ({ frames: wanted, limitS }) => {
  let isOn = true;
  const before = total('ackedFrames');
  const fromMs = performance.now();
  for (const student of students) {
    student.onAck(() => isOn && student.send());
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

/** Until everything that was sent is acknowledged, or nothing more has come for a while. */
const settled = async () => {
  let acked = total('ackedFrames');
  let changedMs = performance.now();
  while (total('sentFrames') > acked && performance.now() - changedMs < stalledMs) {
    await delay(50);
    if (total('ackedFrames') !== acked) changedMs = performance.now();
    acked = total('ackedFrames');
  }
};

/** Each student sends one batch a second at a moment of its own, whatever becomes of the earlier ones. */
const pace = async ({ warmSeconds, seconds }) => {
  const ackMs = [];
  let isMeasuring = false;
  for (const student of students) student.onAck((ms) => isMeasuring && ackMs.push(ms));
  relayedMs = [];
  const fromMs = performance.now();
  const measureFromMs = fromMs + warmSeconds * 1000;
  const untilMs = measureFromMs + seconds * 1000;
  let due = 0;
  let sent = 0;
  let ackedBefore = 0;
  let busy = performance.eventLoopUtilization();
  for (;;) {
    const nowMs = performance.now();
    if (nowMs >= untilMs) break;
    if (!isMeasuring && nowMs >= measureFromMs) {
      isMeasuring = true;
      isWatching = true;
      ackedBefore = total('ackedFrames');
      busy = performance.eventLoopUtilization();
      process.send({ progress: { measuring: true } });
    }
    const untilDue = Math.floor(((nowMs - fromMs) / batchEveryMs) * students.length);
    for (; due < untilDue; due += 1) {
      students[due % students.length].send();
      if (isMeasuring) sent += framesPerBatch;
    }
    if (due % students.length < students.length / 50) progress(nowMs - fromMs, untilMs - fromMs);
    await delay(tickMs);
  }
  const acked = total('ackedFrames') - ackedBefore;
  isMeasuring = false;
  isWatching = false;
  const { utilization } = performance.eventLoopUtilization(busy);
  process.send({ progress: { measured: true } });
  await settled();
  for (const student of students) student.onAck(() => undefined);
  return {
    offered_frames_per_s: Math.round(sent / seconds),
    acked_frames_per_s: Math.round(acked / seconds),
    relay: percentiles(relayedMs),
    ack: percentiles(ackMs),
    generator_busy: utilization,
    unacknowledged: total('sentFrames') - total('ackedFrames'),
  };
};

/** Asks for analyses, each of another student, one after the other, until the time is up. */
const analyze = async ({ origins, seconds }) => {
  const eachMs = [];
  const untilMs = performance.now() + seconds * 1000;
  for (let at = 0; performance.now() < untilMs; at += 1) {
    const number = (at * 7) % students.length;
    const origin = origins[number % origins.length];
    const fromMs = performance.now();
    const response = await fetch(`${origin}/api/v1/session/${students[number].sessionId}/analyze`, { method: 'POST' });
    await response.arrayBuffer();
    if (response.ok) eachMs.push(performance.now() - fromMs);
    await delay(50);
  }
  return percentiles(eachMs);
};

answerParent({ connect, reconnect, disconnect, watch, saturate, pace, analyze });
process.send({ started: {} });
