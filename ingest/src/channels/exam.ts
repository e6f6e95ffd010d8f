import { setTimeout as delay } from 'node:timers/promises';
import { ExamClientMessageSchema, closeCodes, examOver } from '@invigil/protocol/channels';
import { isId } from '@invigil/protocol/frame';
import type { ServerExamMessage } from '@invigil/protocol/channels';
import type { Logger } from 'pino';
import * as v from 'valibot';
import { examTarget } from '../auth/access.ts';
import type { AccessControl } from '../auth/access.ts';
import type { TokenAuthenticator } from '../auth/authenticator.ts';
import type { Exam } from '../model/exam.ts';
import { ownerOf } from '../model/principal.ts';
import type { Principal } from '../model/principal.ts';
import type { Attendance, Stay } from '../exams/attendance.ts';
import type { ExamMember, ExamRooms } from '../exams/exam-rooms.ts';
import { entryRefusal } from '../model/exam-status.ts';
import { isTemporary } from '../model/ingest-error.ts';
import type { Accept, Channel } from '../realtime/channel.ts';
import { closeAtExpiry } from '../realtime/close-at-expiry.ts';
import { parseJson } from '../realtime/parse-json.ts';
import type { ExamRecords } from '../records/exam-records.ts';
import { isoTime } from '../time/iso-time.ts';
import { identifyUpgrade, isRefusal } from './identify-upgrade.ts';
import { refuse } from './refuse.ts';

export interface ExamChannelOptions {
  exams: ExamRecords;
  rooms: ExamRooms;
  attendance: Attendance;
  access: AccessControl;
  authenticator: Pick<TokenAuthenticator, 'authenticate'>;
  log: Logger;
  now: () => number;
}

const refusals = {
  unknown: refuse('SESSION_NOT_FOUND', 'there is no such exam'),
  denied: refuse('ACCESS_DENIED', 'this token does not give access to this exam'),
};

/** How long a client waits for the bus. During an outage events of other replicas are missed anyway. */
const busWaitMs = 1000;

/** Documented clients reconnect after every code except 1000, so two tabs would keep replacing each other. */
const closeForGood = (reason: string) => ({ ...closeCodes.normal, reason });

/** `ws /api/v1/websocket/{exam_id}/ws?token=` */
export const examChannel = (options: ExamChannelOptions): Channel => ({
  name: 'exam',
  path: /^\/api\/v1\/websocket\/([^/]+)\/ws$/,
  async admit(path, request, target) {
    const examId = path[1];
    const principal = await identifyUpgrade(options.authenticator, request, target);
    if (isRefusal(principal)) return principal;
    const exam = isId(examId) ? await options.exams.find(examId) : null;
    if (exam === null) return refusals.unknown;
    if (!(await options.access.allows(principal, 'exam.attend', examTarget(exam.examId)))) return refusals.denied;
    const reason = entryRefusal(exam, principal.role === 'STUDENT', options.now());
    return reason === null ? accept(options, exam, principal) : refuse('WRONG_STATUS', reason);
  },
});

const accept =
  (
    { rooms, attendance, log, now }: ExamChannelOptions,
    { examId, status }: Pick<Exam, 'examId' | 'status'>,
    principal: Principal,
  ): Accept =>
  (connection) => {
    if (!connection.identified(ownerOf(principal))) return;
    const send = (message: ServerExamMessage): void => connection.send(message);
    const isStudent = principal.role === 'STUDENT';
    const slot = `exam:${examId}:${principal.userId}`;
    const room = rooms.open(examId, status);
    const expiry = closeAtExpiry(connection, principal, now());
    const member: ExamMember = {
      sendText: (text) => connection.sendText(text),
      replace: () => connection.close(closeForGood(closeCodes.replaced.reason)),
      closeOver: (last) => connection.close(examOver(last)),
    };
    connection.handle({
      async message(text) {
        if (v.is(ExamClientMessageSchema, parseJson(text))) return send({ type: 'pong' });
        send({ type: 'error', code: 'INVALID_MESSAGE', message: 'expected {"type":"heartbeat"}' });
        connection.strike();
      },
      tooFast: () => send({ type: 'error', code: 'RATE_EXCEEDED', message: 'too many messages; this one was dropped' }),
      closed: () => {
        clearTimeout(expiry);
        room.close(member);
        void entering.then((stay) => stay?.leave());
      },
    });

    const enter = async (): Promise<Stay | null> => {
      try {
        await Promise.race([room.ready, delay(busWaitMs, undefined, { ref: false })]);
        const stay = await attendance.enter({ examId, userId: principal.userId, isStudent, slot });
        if (!connection.open) return stay;
        room.join(member, { userId: principal.userId, isTeacher: !isStudent, slot, connectionId: stay.connectionId });
        send({ type: 'connected', session_id: examId, timestamp: isoTime(now()) });
        stay.announce();
        // The event of a newer connection may have arrived before this connection got its seat.
        if (!(await attendance.holds(slot, stay.connectionId))) member.replace();
        return stay;
      } catch (error) {
        if (isTemporary(error)) {
          send({ type: 'error', code: 'STORE_UNAVAILABLE', message: error.message });
          connection.close(closeCodes.tryAgainLater);
        } else {
          log.error({ event: 'exam.entry_failed', error });
          connection.close(closeCodes.internalError);
        }
        return null;
      }
    };
    const entering = enter();
  };
