/** One node of a CPU profile's call tree. */
export interface ProfileNode {
  id: number;
  callFrame: { functionName: string; url: string };
  children?: number[];
}

export interface CpuProfile {
  startTime: number;
  endTime: number;
  nodes: ProfileNode[];
  samples: number[];
  /** Microseconds. */
  timeDeltas: number[];
}

/** Work of one kind without a pause. */
interface Turn {
  ms: number;
  /** The functions that took the time, most first, with their milliseconds. */
  functions: [name: string, ms: number][];
}

const isPause = (name: string): boolean => name === '(idle)';
const namesPerTurn = 5;

/** The functions from the outermost one to each node. */
const stacksOf = (profile: CpuProfile, nameOf: (node: ProfileNode) => string): Map<number, string[]> => {
  const byId = new Map(profile.nodes.map((node) => [node.id, node]));
  const stacks = new Map<number, string[]>();
  const visit = (node: ProfileNode, stack: string[]): void => {
    stacks.set(node.id, stack);
    for (const id of node.children ?? []) {
      const child = byId.get(id);
      if (child !== undefined) visit(child, [...stack, nameOf(child)]);
    }
  };
  const [root] = profile.nodes;
  if (root !== undefined) visit(root, []);
  return stacks;
};

/**
 * The longest stretches in which the event loop did not pause: what arrives meanwhile waits. Each function counts with the functions
 * that it called.
 *
 * @param nameOf a short name of a node's function
 */
export const longestTurns = (profile: CpuProfile, nameOf: (node: ProfileNode) => string, count: number): Turn[] => {
  const stacks = stacksOf(profile, nameOf);
  const turns: Turn[] = [];
  let [us, byName] = [0, new Map<string, number>()];
  const end = (): void => {
    const functions = [...byName].toSorted(([, a], [, b]) => b - a).slice(0, namesPerTurn);
    if (us > 0) turns.push({ ms: us / 1000, functions: functions.map(([name, each]) => [name, each / 1000]) });
    [us, byName] = [0, new Map()];
  };
  for (const [at, id] of profile.samples.entries()) {
    const stack = stacks.get(id) ?? [];
    const [outermost = ''] = stack;
    if (isPause(outermost)) {
      end();
      continue;
    }
    const elapsedUs = profile.timeDeltas[at] ?? 0;
    us += elapsedUs;
    for (const name of new Set(stack)) byName.set(name, (byName.get(name) ?? 0) + elapsedUs);
  }
  end();
  return turns.toSorted((a, b) => b.ms - a.ms).slice(0, count);
};
