import type { Report } from '@invigil/protocol/report';
import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { fetchReplay } from '../../api/session-api.ts';
import { clockText } from '../../page/duration-text.ts';
import { observationName } from '../../words/observation-words.ts';
import { ReplayChart } from './replay-chart.tsx';
import { replayCharts } from './replay-charts.ts';
import { ReplayPlayer, speeds } from './replay-player.ts';
import { ReplayScene } from './replay-scene.tsx';
import { replayTarget } from './replay-target.ts';
import { replayTexts as texts } from './replay-texts.ts';
import './replay.css';

/** A step of the arrow keys. */
const stepMs = 200;

const Controls = ({ player }: { player: ReplayPlayer }) => {
  const { range } = player;
  if (range === null) return null;
  const { fromMs, toMs } = range;
  const now = player.timeMs.value;
  const clock = clockText((now - fromMs) / 1000);
  return (
    <div class="replay-controls">
      <input
        type="range"
        min={fromMs}
        max={toMs}
        step={stepMs}
        value={now}
        aria-label={texts.position}
        aria-valuetext={clock}
        onInput={(event) => player.seek(event.currentTarget.valueAsNumber)}
      />
      <div class="replay-buttons">
        <button class="button small" type="button" onClick={() => player.toggle()}>
          {player.isPlaying.value ? texts.pause : texts.play}
        </button>
        <button class="button quiet small" type="button" onClick={() => player.jump(false)}>
          {texts.previous}
        </button>
        <button class="button quiet small" type="button" onClick={() => player.jump(true)}>
          {texts.next}
        </button>
        <label>
          {texts.speed}{' '}
          <select
            value={String(player.speed.value)}
            onChange={(event) => (player.speed.value = Number(event.currentTarget.value))}
          >
            {speeds.map((speed) => (
              <option key={speed} value={String(speed)}>
                {speed}×
              </option>
            ))}
          </select>
        </label>
        <span class="number" data-testid="replay-clock">
          {clock} / {clockText((toMs - fromMs) / 1000)}
        </span>
      </div>
    </div>
  );
};

const Stage = ({ report, player }: { report: Report; player: ReplayPlayer }) => {
  const replay = player.replay.value;
  const now = player.timeMs.value;
  if (replay === null) return <p role="status">{texts.loading}</p>;
  if (replay.count === 0) return <p role="status">{texts.empty}</p>;
  const atMs = now + replay.startMs;
  const current = report.observations.filter(({ from_ms, to_ms }) => from_ms <= atMs && atMs <= to_ms);
  const near = report.observations;
  const isLoaded = player.isComplete.value || now <= replay.timeMs(replay.count - 1);
  return (
    <>
      <div class="replay-stage">
        <div>
          {isLoaded ? (
            <ReplayScene replay={replay} index={replay.indexAt(now)} />
          ) : (
            <p role="status">{texts.loading}</p>
          )}
          <p class="small" data-testid="replay-now">
            {texts.now}:{' '}
            <strong>
              {current.length === 0 ? texts.nothing : current.map(({ type }) => observationName(type)).join(', ')}
            </strong>
          </p>
        </div>
        <div class="replay-charts">
          {replayCharts.map((spec) => (
            <ReplayChart key={spec.column} spec={spec} replay={replay} timeMs={now} observations={near} />
          ))}
        </div>
      </div>
      <Controls player={player} />
      <p class="soft small">{texts.keys}</p>
    </>
  );
};

const isControl = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('button, select') !== null;

const onKey = (player: ReplayPlayer, event: KeyboardEvent): void => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.toLowerCase();
  if (key === ' ' && !isControl(event.target)) player.toggle();
  else if (key === 'n') player.jump(true);
  else if (key === 'p') player.jump(false);
  else return;
  event.preventDefault();
  // On the page, N leads to the next report.
  event.stopPropagation();
};

/** An animated drawing of the session's readings, next to their charts. Loaded when it is opened. */
export const ReplayView = ({ report, asStaff }: { report: Report; asStaff: boolean }) => {
  const player = useMemo(
    () => new ReplayPlayer(report.observations, report.coverage?.to_ms ?? null),
    [report.session.session_id],
  );
  const state = useSignal<'closed' | 'open' | 'failed'>('closed');
  const open = async (): Promise<void> => {
    if (state.peek() === 'open') return;
    state.value = 'open';
    const answer = await fetchReplay(report.session.session_id, asStaff, (replay) => player.loaded(replay));
    if (answer.ok) player.complete();
    else state.value = 'failed';
  };
  const target = replayTarget.value;
  useEffect(() => {
    if (target === null) return;
    void open();
    player.stop();
    player.seekEpoch(target);
  }, [target]);
  useEffect(() => () => player.stop(), [player]);
  return (
    <section
      class="card replay"
      id="replay"
      aria-labelledby="replay-title"
      data-testid="replay"
      onKeyDown={(event) => onKey(player, event)}
    >
      <h2 id="replay-title">{texts.title}</h2>
      <p class="soft small">{texts.text}</p>
      {state.value === 'failed' ? <p role="alert">{texts.failed}</p> : null}
      {state.value === 'open' ? null : (
        <button class="button" type="button" onClick={() => void open()}>
          {state.value === 'failed' ? texts.again : texts.open}
        </button>
      )}
      {state.value === 'open' ? <Stage report={report} player={player} /> : null}
    </section>
  );
};
