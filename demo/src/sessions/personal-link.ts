import { isId } from '@invigil/protocol/frame';
import { tabStorage } from '../page/tab-storage.ts';

const keyOf = (examId: string): string => `invigil-link:${examId}`;

interface LinkClaims {
  sub?: unknown;
  exam_id?: unknown;
}

/** The claims of a link, unverified: the server verifies them, and this page only reads whose link it is. Null if it cannot be parsed. */
const claimsOf = (token: string): LinkClaims | null => {
  try {
    const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    return JSON.parse(atob(payload)) as LinkClaims | null;
  } catch {
    // Not base64, or not JSON: somebody shortened the link.
    return null;
  }
};

/**
 * Takes `#link=…` out of the address, so that it is neither shown nor shared with the address, and keeps it in this tab for the exam that
 * it is for.
 */
export const takeLinkFromAddress = (): void => {
  const token = new URLSearchParams(location.hash.slice(1)).get('link');
  if (token === null) return;
  const examId = claimsOf(token)?.exam_id;
  if (isId(examId)) tabStorage.set(keyOf(examId), token);
  history.replaceState(null, '', location.pathname + location.search);
};

/** The token of the student's personal link to the exam; null without one. */
export const linkOf = (examId: string): string | null => tabStorage.get(keyOf(examId));

/** The student whom the link is for; null without a link. */
export const studentOfLink = (examId: string): string | null => {
  const token = linkOf(examId);
  const student = token === null ? null : claimsOf(token)?.sub;
  return isId(student) ? student : null;
};
