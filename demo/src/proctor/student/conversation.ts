import type { ExamRequest } from '../../api/student-api.ts';
import type { AuditEntry } from '../../api/session-api.ts';
import { guidanceTexts } from '../texts/guidance-texts.ts';

const texts = guidanceTexts.conversation;

export interface ConversationEntry {
  /** ISO 8601. */
  at: string;
  /** Null: the student. */
  by: string | null;
  kind: 'message' | 'note' | 'help' | 'act';
  text: string;
}

/** The detail of an audit entry depends on its action; the API leaves it open. */
const detailOf = (detail: AuditEntry['detail'], name: string): string => {
  const entries: [string, unknown][] = Object.entries(detail ?? {});
  const value = entries.find(([key]) => key === name)?.[1];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
};

const entryOf = ({ at, actor: by, action, detail }: AuditEntry): ConversationEntry | null => {
  switch (action) {
    case 'session.message':
      return { at, by, kind: 'message', text: detailOf(detail, 'text') };
    case 'session.flag':
      return { at, by, kind: 'note', text: detailOf(detail, 'note') };
    case 'session.break':
      return { at, by, kind: 'act', text: detailOf(detail, 'action') === 'end' ? texts.breakEnd : texts.breakBegin };
    case 'session.extra_time':
      return { at, by, kind: 'act', text: texts.extraTime(Number(detailOf(detail, 'minutes'))) };
    default:
      return null;
  }
};

/** What proctors and the student wrote to each other, and what proctors noted; newest first. */
export const conversationOf = (audit: readonly AuditEntry[], requests: readonly ExamRequest[]): ConversationEntry[] => {
  const asked = requests
    .filter(({ kind }) => kind === 'help')
    .map(({ at, text }): ConversationEntry => ({ at, by: null, kind: 'help', text: text ?? texts.help }));
  const written = audit.map(entryOf).filter((entry) => entry !== null);
  return [...asked, ...written].toSorted((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
};
