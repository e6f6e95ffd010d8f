import { expect, test } from 'vitest';
import { dumpFormat } from './frames-dump.ts';
import { factsIn } from './dump-facts.ts';

const session = { started_at: '2026-01-05T09:00:00.000Z', ended_at: '2026-01-05T10:00:00.000Z' };
const header = `{"format":"${dumpFormat}",\n"session":${JSON.stringify(session)},\n"context":null,\n"frames":[`;
const end = '\n],\n"links":[\n{"seq":1}\n],\n"folded":null}\n';

const inChunks = async function* (text: string, bytes: number): AsyncIterable<Buffer> {
  for (let at = 0; at < text.length; at += bytes) yield Buffer.from(text.slice(at, at + bytes));
};

test.each([0, 1, 3])('counts the %i frames of a dump in chunks of any size', async (frames) => {
  const lines = Array.from({ length: frames }, (_, seq) => `\n{"seq":${seq},"boxes":[]}`);
  const expected = { startedAt: session.started_at, endedAt: session.ended_at, frames };
  for (const bytes of [1, 7, 64, 4096]) {
    expect(await factsIn(inChunks(header + lines.join(',') + end, bytes))).toEqual(expected);
  }
});

test('counts frames that do not fit in memory', async () => {
  const frame = Buffer.from(`\n{"frame_id":"${'x'.repeat(256 * 1024)}"},`);
  const frames = 4000;
  const before = process.memoryUsage().rss;
  const chunks = async function* (): AsyncIterable<Buffer> {
    yield Buffer.from(header);
    for (let seq = 0; seq < frames; seq += 1) yield frame;
    yield Buffer.from(end);
  };
  expect(await factsIn(chunks())).toMatchObject({ frames });
  expect(process.memoryUsage().rss - before).toBeLessThan(frames * frame.length * 0.2);
});

test('refuses other files and a dump that was cut off', async () => {
  for (const text of ['', '{}', `${header}\n{"seq":0},\n{"se`, `{"format":"other",\n"frames":[\n]`]) {
    await expect(factsIn(inChunks(text, 64))).rejects.toMatchObject({ reason: 'not_a_dump' });
  }
});
