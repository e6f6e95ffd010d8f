import * as v from 'valibot';
import type { OpenAlertPlace } from '../../records/open-alert-records.ts';
import { HttpProblem } from '../problems/http-problem.ts';

const maxLimit = 100;
const defaultLimit = 50;
const moment = v.pipe(v.string(), v.isoTimestamp());
const CursorSchema = v.strictTuple([moment, v.pipe(v.number(), v.safeInteger()), moment, v.string()]);

export interface OpenAlertsQuery {
  limit: number;
  after: OpenAlertPlace | null;
}

export const alertCursorOf = ({ asOf, place, raisedAt, alertId }: OpenAlertPlace): string =>
  Buffer.from(JSON.stringify([asOf, place, raisedAt, alertId])).toString('base64url');

/** Query of `GET /api/v1/exams/{exam_id}/alerts`. @throws HttpProblem INVALID_MESSAGE */
export const openAlertsQueryOf = ({
  limit = String(defaultLimit),
  cursor,
}: Record<string, unknown>): OpenAlertsQuery => {
  if (!/^[1-9]\d{0,2}$/.test(String(limit)) || Number(limit) > maxLimit) {
    throw new HttpProblem('INVALID_MESSAGE', `must be from 1 to ${maxLimit}`, { field: 'limit' });
  }
  return { limit: Number(limit), after: cursor === undefined ? null : placeOf(cursor) };
};

const placeOf = (cursor: unknown): OpenAlertPlace => {
  try {
    if (typeof cursor !== 'string') throw new SyntaxError('not one text');
    const text = Buffer.from(cursor, 'base64url').toString('utf8');
    const [asOf, place, raisedAt, alertId] = v.parse(CursorSchema, JSON.parse(text));
    if (!alertId.includes('\0')) return { asOf, place, raisedAt, alertId };
  } catch (error) {
    if (!(error instanceof SyntaxError) && !v.isValiError(error)) throw error;
  }
  throw new HttpProblem('INVALID_MESSAGE', 'must be the next_cursor of another page', { field: 'cursor' });
};
