import type { Reach, TableRole } from '../src/auth/access-table.ts';

/** Somebody at a door, and how they stand to what is behind it: session of Ada, in exam of the teacher. */
export interface Visitor {
  name: string;
  role: TableRole;
  /** Null: no token. */
  token: string | null;
  isOwner: boolean;
  isInExam: boolean;
  teaches: boolean;
  isNamed: boolean;
}

/** What the words of the table mean, written down a second time. */
export const expected = (reach: Reach, visitor: Visitor): 'in' | 'unknown' | 'denied' => {
  const isIn = {
    any: true,
    never: false,
    own: visitor.isOwner,
    enrolled: visitor.isInExam,
    taught: visitor.teaches,
    taughtOrNew: visitor.teaches,
    self: visitor.isNamed,
  }[reach];
  if (isIn) return 'in';
  return visitor.token === null ? 'unknown' : 'denied';
};
