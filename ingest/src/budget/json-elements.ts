import { budgetTable } from './budget-table.ts';

/** `,` `[` `{`: each array, object and member has one. */
const marks = [0x2c, 0x5b, 0x7b];

/**
 * Whether the JSON text has more arrays, objects and members than a message may have. Parsing time depends on elements rather than bytes:
 * 10 MB of one string take a few milliseconds, 10 MB of `[[[[…` over a second. Marks inside strings count as well, so the limit is
 * generous.
 */
export const hasTooManyElements = (text: Buffer, limit: number = budgetTable.messageElements.limit): boolean => {
  if (text.length <= limit) return false;
  let count = 0;
  for (const mark of marks) {
    for (let at = text.indexOf(mark); at !== -1; at = text.indexOf(mark, at + 1)) {
      count += 1;
      if (count > limit) return true;
    }
  }
  return false;
};
