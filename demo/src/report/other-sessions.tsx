import type { Report } from '@invigil/protocol/report';
import { evidenceTexts } from './evidence-texts.ts';
import type { ReviewWriter } from './review-writer.ts';
import { momentText } from '../page/moment-text.ts';

const texts = evidenceTexts.others;

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
        const line = texts.line(momentText(startedAt), endedAt === null ? texts.running : momentText(endedAt));
        return (
          <li key={id}>{viewer === 'staff' ? <a href={`?session=${encodeURIComponent(id)}`}>{line}</a> : line}</li>
        );
      })}
    </ul>
  </section>
);
