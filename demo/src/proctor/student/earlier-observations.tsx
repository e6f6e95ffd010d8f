import type { Report } from '@invigil/protocol/report';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Answer } from '../../api/answer.ts';
import { fetchReport } from '../../api/session-api.ts';
import { durationText } from '../../page/duration-text.ts';
import { timeOfDayText } from '../../page/moment-text.ts';
import { observationName } from '../../words/observation-words.ts';
import { guidanceTexts } from '../texts/guidance-texts.ts';

const texts = guidanceTexts.observations;

/** The newest are listed; all are in the interim report. */
const listed = 8;

/** The session's observations so far, newest first. */
export const EarlierObservations = ({ sessionId }: { sessionId: string }) => {
  const answer = useSignal<Answer<Report> | null>(null);
  useEffect(() => {
    const load = async (): Promise<void> => {
      answer.value = await fetchReport(sessionId, true);
    };
    void load();
  }, [sessionId]);
  const known = answer.value;
  const newest = known?.ok === true ? known.value.observations.toReversed().slice(0, listed) : [];
  return (
    <section aria-labelledby="earlier">
      <h3 id="earlier">{texts.title}</h3>
      {known === null ? <p class="soft small">{texts.loading}</p> : null}
      {known?.ok === false ? <p class="soft small">{texts.failed}</p> : null}
      {known?.ok === true && newest.length === 0 ? <p class="soft small">{texts.none}</p> : null}
      <ul class="earlier">
        {newest.map(({ id, type, from_ms: fromMs, duration_s: seconds }) => (
          <li key={id}>
            <span class="number soft" translate={false}>
              {timeOfDayText(fromMs)}
            </span>{' '}
            {observationName(type)}{' '}
            <span class="number soft" translate={false}>
              {durationText(seconds)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
};
