import type { ServerExamMessage } from '@invigil/protocol/channels';
import type { SeatCollection } from './seat-collection.ts';

/** `refresh`: the message alone is not enough; read the exam's full state. */
export type ExamMessageEffect = 'none' | 'seats_changed' | 'refresh';

/** Applies a message of the exam channel to the seats. */
export const applyExamMessage = (seats: SeatCollection, message: ServerExamMessage): ExamMessageEffect => {
  switch (message.type) {
    case 'connected':
    case 'session_status_changed':
    case 'student_request':
    case 'exam_changed':
    // The session may have ended.
    case 'participant_disconnected':
      return 'refresh';
    case 'participant_joined':
      return seats.students.has(message.student_id) ? 'none' : 'refresh';
    case 'violation':
      return seats.change(message.student_id, { pageViolations: message.total_count }) ? 'seats_changed' : 'refresh';
    case 'student_answer': {
      const answered = seats.students.get(message.student_id)?.answered;
      if (answered === undefined) return 'refresh';
      const added = [message, ...(message.more ?? [])].filter(({ is_update: isUpdate }) => !isUpdate).length;
      if (added === 0) return 'none';
      return seats.change(message.student_id, { answered: answered + added }) ? 'seats_changed' : 'refresh';
    }
    case 'student_submitted':
      return seats.change(message.student_id, { hasSubmitted: true }) ? 'seats_changed' : 'refresh';
    default:
      return 'none';
  }
};
