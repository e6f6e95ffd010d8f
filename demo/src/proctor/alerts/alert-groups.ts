import type { ObservationType } from '@invigil/protocol/rules';
import type { OpenAlert } from '../watch/alert-board.ts';

export interface AlertGroup {
  sessionId: string;
  /** Oldest first. */
  alerts: readonly (readonly [alertId: string, alert: OpenAlert])[];
}

/** Alerts by student, the group with the oldest alert first. @param type null: all types @param limit most alerts in total */
export const groupAlerts = (
  open: ReadonlyMap<string, OpenAlert>,
  type: ObservationType | null,
  limit: number,
): AlertGroup[] => {
  const groups = new Map<string, [string, OpenAlert][]>();
  let count = 0;
  for (const [alertId, alert] of open) {
    if (type !== null && alert.result.observation.type !== type) continue;
    if (count === limit) break;
    count += 1;
    const group = groups.get(alert.sessionId) ?? [];
    groups.set(alert.sessionId, group);
    group.push([alertId, alert]);
  }
  return [...groups].map(([sessionId, alerts]) => ({ sessionId, alerts }));
};

/** The types of the open alerts. */
export const typesOf = (open: ReadonlyMap<string, OpenAlert>): ObservationType[] => [
  ...new Set([...open.values()].map(({ result }) => result.observation.type)),
];
