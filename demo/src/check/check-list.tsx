import type { CameraState } from '@invigil/engine';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { assessLight, assessPosition, assessSight, assessSpeed, rateHz } from './assessment.ts';
import type { Verdict } from './assessment.ts';
import { isServerHealthy } from '../api/server-health.ts';
import { numberText } from '../page/number-text.ts';
import type { Reading } from './camera-check.ts';
import { checkTexts as texts } from './check-texts.ts';

interface Line {
  name: string;
  good: boolean | null;
  help: string;
}

const lineOf = <Outcome extends string>(
  name: string,
  verdict: Verdict<Outcome>,
  help: Record<Outcome, string>,
): Line => ({
  name,
  good: verdict?.good ?? null,
  help: verdict === null ? texts.unknown : help[verdict.outcome],
});

const cameraLine = (camera: CameraState): Line => {
  const name = texts.items.camera;
  if (camera.state === 'starting') return { name, good: null, help: texts.camera.starting };
  if (camera.state === 'lost') return { name, good: false, help: texts.camera.lost };
  return { name, good: true, help: texts.camera.on(camera.label, `${camera.widthPx} × ${camera.heightPx}`) };
};

const speedLine = (history: readonly Reading[]): Line => {
  const hz = rateHz(history);
  const rate = numberText(hz ?? 0, 1);
  return lineOf(texts.items.speed, assessSpeed(hz), { good: texts.speed.good(rate), slow: texts.speed.slow(rate) });
};

const askEveryMs = 5000;

/** Whether the server answers; null before the first request. */
const useServerAnswers = () => {
  const answers = useSignal<boolean | null>(null);
  useEffect(() => {
    const ask = async (): Promise<void> => {
      answers.value = await isServerHealthy(askEveryMs);
    };
    void ask();
    const timer = setInterval(() => void ask(), askEveryMs);
    return () => clearInterval(timer);
  }, []);
  return answers;
};

const serverLine = (answers: boolean | null): Line => ({
  name: texts.items.server,
  good: answers,
  help: answers === null ? texts.unknown : texts.server[answers ? 'good' : 'away'],
});

const stateWord = (good: boolean | null): string => {
  if (good === null) return texts.unknown;
  return good ? texts.good : texts.attention;
};

const stateClass = (good: boolean | null): string => {
  if (good === null) return 'dot hollow';
  return good ? 'dot' : 'dot attention';
};

export const CheckList = ({ camera, history }: { camera: CameraState; history: readonly Reading[] }) => {
  const answers = useServerAnswers();
  const reading = history.at(-1) ?? null;
  const seen = <Outcome extends string>(assess: (reading: Reading) => Verdict<Outcome>): Verdict<Outcome> =>
    reading === null ? null : assess(reading);
  const lines = [
    cameraLine(camera),
    lineOf(texts.items.light, seen(assessLight), texts.light),
    lineOf(texts.items.position, seen(assessPosition), texts.position),
    lineOf(texts.items.sight, seen(assessSight), texts.sight),
    speedLine(history),
    serverLine(answers.value),
  ];
  const ready = lines.every(({ good }) => good === true);
  return (
    <>
      <ul class="checks" aria-label={texts.list}>
        {lines.map(({ name, good, help }) => (
          <li key={name} data-good={String(good)}>
            <span class={stateClass(good)} aria-hidden="true" />
            <strong>{name}</strong>
            <span class="visually-hidden">: {stateWord(good)}. </span>
            <span class="soft">{help}</span>
          </li>
        ))}
      </ul>
      <p role="status">{ready ? texts.ready : texts.notReady}</p>
    </>
  );
};
