import { isId } from '@invigil/protocol/frame';
import type { NewStudent } from '../../api/exam-api.ts';

export type StudentLines = { ok: true; students: NewStudent[] } | { ok: false; line: string };

/** Students as they are typed or pasted: one a line, the number, then (after a comma, semicolon, tab or space) the name. */
export const readStudentLines = (text: string): StudentLines => {
  const students: NewStudent[] = [];
  for (const line of text.split('\n').map((raw) => raw.trim())) {
    if (line === '') continue;
    const [, id = '', name = ''] = /^([^\s,;]+)[\s,;]*(.*)$/.exec(line) ?? [];
    if (!isId(id)) return { ok: false, line };
    students.push({ student_id: id, ...(name === '' ? {} : { student_name: name }) });
  }
  return { ok: true, students };
};
