// @vitest-environment happy-dom
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { afterEach, expect, test, vi } from 'vitest';
import { fetchExam } from '../api/exam-api.ts';
import { answered, rendered } from './rendered.ts';
import { answerRequests, heldReply } from './requests.ts';
import { sampleExam } from './sample-exam.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const Title = () => {
  const title = useSignal('loading');
  useEffect(
    () => void fetchExam('physics').then((answer) => (title.value = answer.ok ? (answer.value.title ?? '') : '')),
    [],
  );
  return <p>{title.value}</p>;
};

test('a released answer is on the page, even if a busy machine takes long to read it', async () => {
  const held = heldReply([200, sampleExam([])]);
  answerRequests({ 'GET /api/v1/exams/physics': held.reply });
  vi.spyOn(Response.prototype, 'text').mockImplementation(async () => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    return JSON.stringify(sampleExam([]));
  });
  const place = await rendered(<Title />);
  await answered(held.release);
  expect(place.textContent).toBe('Physics I');
});
