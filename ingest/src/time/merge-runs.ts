import { TimeSlice } from './time-slice.ts';

type Compare<Item> = (a: Item, b: Item) => number;

/** Items merged between two checks of the clock. */
const itemsPerStep = 500;

/** Merges sorted runs two at a time, so that no single step sorts all of them. */
export const mergeRuns = async <Item>(
  runs: readonly Item[][],
  compare: Compare<Item>,
  slice = new TimeSlice(),
): Promise<Item[]> => {
  let remaining = runs.filter((run) => run.length > 0);
  while (remaining.length > 1) {
    const next: Item[][] = [];
    for (let at = 0; at < remaining.length; at += 2)
      next.push(await mergeTwo(remaining[at] ?? [], remaining[at + 1] ?? [], compare, slice));
    remaining = next;
  }
  return remaining[0] ?? [];
};

const mergeTwo = async <Item>(a: Item[], b: Item[], compare: Compare<Item>, slice: TimeSlice): Promise<Item[]> => {
  const both: Item[] = [];
  let [atA, atB] = [0, 0];
  for (;;) {
    const [fromA, fromB] = [a[atA], b[atB]];
    if (fromA === undefined) return both.concat(b.slice(atB));
    if (fromB === undefined) return both.concat(a.slice(atA));
    if (compare(fromA, fromB) <= 0) {
      both.push(fromA);
      atA += 1;
    } else {
      both.push(fromB);
      atB += 1;
    }
    if (both.length % itemsPerStep === 0 && slice.isOver()) await slice.next();
  }
};
