import type { Reach, TableRole } from '../src/auth/access-roles.ts';

/** A caller of an endpoint, and their relation to the target: a session of Ada in the teacher's exam. */
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

/** A second, independent definition of the table's values. */
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
