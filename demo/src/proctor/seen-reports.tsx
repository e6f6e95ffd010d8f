import { withSession } from '../sessions/session-in-address.ts';
import { proctorTexts } from './proctor-texts.ts';
import { seenSittings } from './seen-sessions.ts';

const texts = proctorTexts.reports;

/** The ways to the reports of an exam that is over. */
export const SeenReports = ({ examId }: { examId: string }) => {
  const sittings = seenSittings(examId).toSorted((a, b) => a.name.localeCompare(b.name));
  return (
    <section class="card" aria-labelledby="reports">
      <h2 id="reports">{texts.title}</h2>
      {sittings.length === 0 ? <p class="soft">{texts.none}</p> : <p class="soft">{texts.text}</p>}
      <ul class="report-links">
        {sittings.map(({ sessionId, name }) => (
          <li key={sessionId}>
            <a href={withSession('/report/', sessionId)}>{name}</a>
          </li>
        ))}
      </ul>
    </section>
  );
};
