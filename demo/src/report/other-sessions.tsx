import type { Report } from '@invigil/protocol/report';
import { evidenceTexts } from './evidence-texts.ts';
import type { ReviewWriter } from './review-writer.ts';
import { pageLocale } from '../page/language.ts';

const texts = evidenceTexts.others;
const moment = (iso: string): string => new Date(iso).toLocaleString(pageLocale);

interface OtherSessionsProps {
  sessions: NonNullable<Report['other_sessions']>;
  viewer: ReviewWriter['viewer'];
}

/** A student's link opens one session's report, so only staff get links to the others. */
export const OtherSessions = ({ sessions, viewer }: OtherSessionsProps) => (
  <section class="card" aria-labelledby="others" data-testid="other-sessions">
    <h2 id="others">{texts.title}</h2>
    <ul>
      {sessions.map(({ session_id: id, started_at: startedAt, ended_at: endedAt }) => {
        const line = texts.line(moment(startedAt), endedAt === null ? texts.running : moment(endedAt));
        return (
          <li key={id}>{viewer === 'staff' ? <a href={`?session=${encodeURIComponent(id)}`}>{line}</a> : line}</li>
        );
      })}
    </ul>
  </section>
);
