import { Kysely, PostgresDialect, SqliteDialect, sql } from 'kysely';
import Database from 'libsql';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as v from 'valibot';
import { ReportSchema } from '@invigil/protocol/report';
import { removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { startPostgres } from '@invigil/testkit/services/postgres-service';
import type { PostgresService } from '@invigil/testkit/services/postgres-service';
import { runSession } from './proctored-session.ts';
import { bearer, jwtSecret, tokenOf } from '@invigil/testkit/tokens/tokens';

afterAll(removeFolders);

const suite = (url: () => string | null): void => {
  let server: TestServer;
  let as: Record<'teacher' | 'stranger' | 'ada' | 'bob' | 'admin', Record<string, string>>;
  let teacherToken: string;
  let adaToken: string;

  beforeAll(async () => {
    server = await startServer({ AUTH: 'jwt', JWT_SECRET: jwtSecret, DATABASE_URL: url() ?? '' });
    teacherToken = await tokenOf('teacher', 'TEACHER');
    adaToken = await tokenOf('ada', 'STUDENT');
    as = {
      teacher: bearer(teacherToken),
      stranger: bearer(await tokenOf('stranger', 'TEACHER')),
      ada: bearer(adaToken),
      bob: bearer(await tokenOf('bob', 'STUDENT')),
      admin: bearer(await tokenOf('admin', 'ADMIN')),
    };
  });
  afterAll(() => server.close());

  const createExam = async (examId: string, policy: object = {}): Promise<void> => {
    const created = await server.ask('POST', '/api/v1/exams', { exam_id: examId, title: examId, policy }, as.teacher);
    expect(created.status).toBe(201);
    const enrolled = await server.ask(
      'POST',
      `/api/v1/exams/${examId}/enrolments`,
      { students: [{ student_id: 'ada' }, { student_id: 'bob' }] },
      as.teacher,
    );
    expect(enrolled.status).toBe(204);
    for (const step of ['open', 'start']) {
      expect((await server.ask('POST', `/api/v1/exams/${examId}/${step}`, undefined, as.teacher)).status).toBe(200);
    }
  };
  const sittingOf = async (examId: string, policy: object = {}) => {
    await createExam(examId, policy);
    return runSession(server, examId, 'ada', adaToken);
  };

  test('a proctor reviews, a student contests, and the analysis stays as it was', async () => {
    const { sessionId, observationId } = await sittingOf('physics');
    const path = `/api/v1/session/${sessionId}`;
    const analysed = await server.ask('GET', `${path}/report`, undefined, as.teacher);
    expect(v.parse(ReportSchema, analysed.json)).toEqual(analysed.json);
    expect(analysed.json.review.status).toBe('open');

    const contested = await server.ask(
      'POST',
      `${path}/review/observations/${observationId}/contest`,
      { text: 'That was my calculator.' },
      as.ada,
    );
    expect(contested.status).toBe(201);
    const marked = await server.ask(
      'PUT',
      `${path}/review`,
      { observations: [{ id: observationId, mark: 'unsure', note: 'hard to see' }] },
      as.teacher,
    );
    expect(marked.json).toMatchObject({ status: 'open', outcome: null });
    const reviewed = await server.ask(
      'POST',
      `${path}/review`,
      {
        outcome: 'nothing_to_follow_up',
        notes: 'a calculator',
        observations: [{ id: observationId, mark: 'dismissed' }],
      },
      as.teacher,
    );
    expect(reviewed.status).toBe(200);

    const served = await server.ask('GET', `${path}/report`, undefined, as.teacher);
    expect(served.json).toEqual({
      ...analysed.json,
      review: {
        status: 'reviewed',
        outcome: 'nothing_to_follow_up',
        by: 'teacher',
        at: expect.any(String),
        notes: 'a calculator',
        observations: [{ id: observationId, mark: 'dismissed', note: null, by: 'teacher', at: expect.any(String) }],
        contests: [{ id: observationId, text: 'That was my calculator.', at: expect.any(String) }],
      },
    });
    expect(v.is(ReportSchema, served.json)).toBe(true);
    expect((await server.ask('GET', `${path}/report?review=none`, undefined, as.teacher)).text).toBe(analysed.text);

    const own = await server.ask('GET', `${path}/report`, undefined, as.ada);
    expect(own.json.review).toMatchObject({ by: null, notes: null, outcome: 'nothing_to_follow_up' });
    expect(own.json.review.observations).toMatchObject([{ mark: 'dismissed', by: null, note: null }]);

    const { audit } = (await server.ask('GET', `${path}/audit`, undefined, as.teacher)).json;
    expect(audit.map(({ actor, action }: { actor: string; action: string }) => [actor, action])).toEqual([
      ['ada', 'session.started'],
      ['ada', 'session.ended'],
      ['ada', 'review.contest'],
      ['teacher', 'review.mark'],
      ['teacher', 'review.mark'],
      ['teacher', 'review.outcome'],
    ]);
    expect(audit[3].detail).toEqual({ observation_id: observationId, value: 'unsure', note: 'hard to see' });
  });

  test('each kind of review entry is accepted from its own role only', async () => {
    const { sessionId, observationId } = await sittingOf('closed', { report_to_student: false });
    const path = `/api/v1/session/${sessionId}`;
    const outcome = { outcome: 'follow_up' };
    const contest = `${path}/review/observations/${observationId}/contest`;
    const text = { text: 'no' };
    const statuses = await Promise.all([
      server.ask('PUT', `${path}/review`, outcome),
      server.ask('PUT', `${path}/review`, outcome, as.ada),
      server.ask('PUT', `${path}/review`, outcome, as.stranger),
      server.ask('POST', contest, text, as.teacher),
      server.ask('POST', contest, text, as.bob),
      server.ask('POST', contest, text, as.ada),
      server.ask('GET', `${path}/report`, undefined, as.ada),
      server.ask('GET', `${path}/review`, undefined, as.ada),
      server.ask('GET', `${path}/audit`, undefined, as.ada),
    ]);
    expect(statuses.map(({ status }) => status)).toEqual([401, 403, 403, 403, 403, 403, 403, 403, 403]);
    expect((await server.ask('GET', `${path}/review`, undefined, as.teacher)).json.status).toBe('open');
  });

  test('observations that are not in the report cannot be reviewed', async () => {
    const { sessionId } = await sittingOf('unknowns');
    const path = `/api/v1/session/${sessionId}/review`;
    const none = await server.ask(
      'PUT',
      path,
      { observations: [{ id: 'phone_visible-7', mark: 'confirmed' }] },
      as.teacher,
    );
    expect([none.status, none.json.code]).toEqual([404, 'NOT_FOUND']);
    const verdict = await server.ask('PUT', path, { outcome: 'guilty' }, as.teacher);
    expect([verdict.status, verdict.json.field]).toEqual([400, 'outcome']);
    expect((await server.ask('PUT', path, {}, as.teacher)).status).toBe(400);
  });

  test('the database itself prevents changes to the audit and the reviews', async () => {
    const { sessionId } = await sittingOf('guarded');
    await server.ask('PUT', `/api/v1/session/${sessionId}/review`, { outcome: 'inconclusive' }, as.teacher);
    const at = url();
    const db = new Kysely<Record<string, never>>({
      dialect:
        at === null
          ? new SqliteDialect({ database: new Database(join(server.dataDir, 'records.db')) })
          : new PostgresDialect({ pool: new pg.Pool({ connectionString: at }) }),
    });
    for (const statement of [
      "UPDATE audit SET actor = 'nobody'",
      "UPDATE audit SET action = 'erased:x'",
      "UPDATE audit SET detail = '{}'",
      'DELETE FROM audit',
      "UPDATE review_entries SET value = 'follow_up'",
      'DELETE FROM review_entries',
    ]) {
      await expect(sql.raw(statement).execute(db)).rejects.toThrow('append-only');
    }
    await db.destroy();
  });

  test('other rules add another version beside the first', async () => {
    const { sessionId } = await sittingOf('versions');
    const path = `/api/v1/session/${sessionId}`;
    const first = await server.ask('GET', `${path}/report`, undefined, as.teacher);
    expect(first.headers.get('report-version')).toBe('1');
    const other = first.json.rules_version === '1' ? '2' : '1';
    expect((await server.ask('POST', `${path}/analyze?rules=${other}`, undefined, as.ada)).status).toBe(403);
    const again = await server.ask('POST', `${path}/analyze?rules=${other}`, undefined, as.teacher);
    expect([again.status, again.json.rules_version, again.headers.get('report-version')]).toEqual([200, other, '2']);
    expect((await server.ask('GET', `${path}/report`, undefined, as.teacher)).text).toBe(again.text);
    expect((await server.ask('GET', `${path}/report?version=1`, undefined, as.teacher)).text).toBe(first.text);
    expect((await server.ask('GET', `${path}/report?version=3`, undefined, as.teacher)).status).toBe(404);
    expect((await server.ask('GET', `${path}/report?version=0`, undefined, as.teacher)).status).toBe(400);
    expect((await server.ask('POST', `${path}/analyze?rules=77`, undefined, as.teacher)).status).toBe(400);
    const { reports } = (await server.ask('GET', `${path}/reports`, undefined, as.teacher)).json;
    expect(reports).toMatchObject([{ version: 1 }, { version: 2, rules_version: other }]);
  });

  test('other weights add another version beside the first, of the same observations', async () => {
    const { sessionId } = await sittingOf('weights', { rules_version: '2' });
    const path = `/api/v1/session/${sessionId}`;
    const first = await server.ask('GET', `${path}/report`, undefined, as.teacher);
    const other = first.json.risk.weights_version === '1' ? '2' : '1';
    const again = await server.ask('POST', `${path}/analyze?weights=${other}`, undefined, as.teacher);
    expect([again.status, again.headers.get('report-version')]).toEqual([200, '2']);
    expect(again.json).toEqual({ ...first.json, risk: again.json.risk });
    expect(again.json.risk.weights_version).toBe(other);
    expect(again.json.risk.value).not.toBe(first.json.risk.value);
    expect((await server.ask('GET', `${path}/report?version=1`, undefined, as.teacher)).text).toBe(first.text);
    expect((await server.ask('POST', `${path}/analyze?weights=77`, undefined, as.teacher)).status).toBe(400);
  });

  test('the report is available in the documented parts and as CSV', async () => {
    const { sessionId } = await sittingOf('formats');
    const path = `/api/v1/session/${sessionId}/report`;
    const sd = await server.ask('GET', `${path}?format=sd`, undefined, as.teacher);
    expect(sd.json).toMatchObject({
      session_info: { session_id: sessionId, total_frames: 300 },
      suspicious_events: { phone_detections: [{ from_s: 20 }] },
    });
    const csv = await server.ask('GET', `${path}/observations.csv`, undefined, as.teacher);
    expect(csv.headers.get('content-type')).toContain('text/csv');
    expect(csv.text.split('\r\n')[1]).toContain(`${sessionId},phone_visible-100,phone_visible,20,`);
    expect((await server.ask('GET', `${path}?format=csv`, undefined, as.teacher)).text).toBe(csv.text);
    expect((await server.ask('GET', `${path}?format=xml`, undefined, as.teacher)).status).toBe(400);
  });

  test('the report states which rules and accommodations applied', async () => {
    await createExam('agreed', { rules_version: '2' });
    const path = '/api/v1/exams/agreed/accommodations/ada';
    const accommodations = [
      { name: 'reads from a screen at the side', off: ['phone_visible'], longer: { talking: 3 } },
    ];
    expect((await server.ask('PUT', path, { accommodations }, as.ada)).status).toBe(403);
    expect((await server.ask('PUT', path, { accommodations }, as.teacher)).status).toBe(200);
    const ada = await runSession(server, 'agreed', 'ada', adaToken);
    const { json: report } = await server.ask('GET', `/api/v1/session/${ada.sessionId}/report`, undefined, as.teacher);
    expect(report).toMatchObject({
      rules_version: '2',
      accommodations: ['reads from a screen at the side'],
      observations: [],
    });
    expect(report.rules.map(({ type }: { type: string }) => type)).not.toContain('phone_visible');
  });
};

describe('with SQLite', () => {
  suite(() => null);
});

describe('with Postgres', () => {
  let postgres: PostgresService;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.remove());
  suite(() => postgres.url);
});
