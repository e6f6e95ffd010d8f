import { TimeSlice } from './time-slice.ts';

/** Runs a computation that yields after each small step, with other work of the event loop in between. */
export const runInSlices = async <Value>(steps: Generator<void, Value>): Promise<Value> => {
  const slice = new TimeSlice({ restPerWork: 2 });
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    if (slice.isOver()) await slice.next();
  }
};

/** Runs the same computation without a rest. */
export const runAtOnce = <Value>(steps: Generator<void, Value>): Value => {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
};
