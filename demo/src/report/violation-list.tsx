import type { Report } from '@invigil/protocol/report';
import { clockText } from '../page/duration-text.ts';
import { observationWords } from '../words/observation-words.ts';
import { reportTexts } from './report-texts.ts';

const texts = reportTexts.violations;

interface ViolationListProps {
  violations: Report['violations'];
  /** The session's first frame; null if nothing was received. */
  startMs: number | null;
}

/** Violations that the page detected: tabs, windows, use of the clipboard, but never its content. */
export const ViolationList = ({ violations, startMs }: ViolationListProps) => (
  <section class="card" aria-labelledby="violations">
    <h2 id="violations">{texts.title}</h2>
    {violations.total === 0 ? <p class="soft">{texts.none}</p> : null}
    <ul class="notes" aria-labelledby="violations" {...(violations.total === 0 ? {} : { tabIndex: 0 })}>
      {violations.list.map(({ type, timestamp }, index) => (
        <li key={`${timestamp}-${index}`}>
          <span class="number soft" translate={false}>
            {startMs === null ? '' : clockText((timestamp - startMs) / 1000)}
          </span>
          <span>{observationWords.page[type]}</span>
        </li>
      ))}
    </ul>
    {violations.not_listed === 0 ? null : <p class="soft">{texts.notListed(violations.not_listed)}</p>}
  </section>
);
