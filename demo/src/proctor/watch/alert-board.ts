import type { AlertOutcome, AlertResult, ServerAlertsMessage } from '@invigil/protocol/channels';

export interface OpenAlert {
  sessionId: string;
  result: AlertResult;
  /** JPEG in base64, if the exam's policy allows it in an alert. */
  thumbnail: string | null;
  /** This teacher has acknowledged it; the server has not confirmed it yet. */
  isAcknowledging: boolean;
  /** Duration of the observation in seconds; null while it lasts, and if its end is unknown. */
  endedAfterS: number | null;
}

export interface AcknowledgedAlert {
  alertId: string;
  sessionId: string;
  result: AlertResult;
  by: string;
  /** ISO 8601 */
  at: string;
  outcome: AlertOutcome | null;
  note: string | null;
}

/** Alerts of one exam. Open ones in the order in which they were raised; acknowledged ones newest first. */
export interface AlertBoard {
  open: ReadonlyMap<string, OpenAlert>;
  taken: readonly AcknowledgedAlert[];
}

export const emptyBoard: AlertBoard = { open: new Map(), taken: [] };

const maxTaken = 30;

const byMoment = ([, a]: readonly [string, OpenAlert], [, b]: readonly [string, OpenAlert]): number =>
  a.result.raised_at < b.result.raised_at ? -1 : a.result.raised_at > b.result.raised_at ? 1 : 0;

/** A message that contains several alerts as one message for each. */
export const singleMessages = (message: ServerAlertsMessage): ServerAlertsMessage[] => {
  if (message.type !== 'anomaly_detected' || message.more === undefined) return [message];
  const { more, ...newest } = message;
  const { type, stream_id, timestamp } = message;
  return [newest, ...more.map((alert) => ({ type, stream_id, timestamp, ...alert }))];
};

/** Applies a message; returns the same board if it changes nothing for this exam. */
export const stepBoard = (board: AlertBoard, message: ServerAlertsMessage, examId: string): AlertBoard => {
  if (message.type === 'anomaly_detected') {
    const { result, stream_id: sessionId } = message;
    if (result.exam_id !== examId) return board;
    const known = board.open.get(result.alert_id);
    const alert: OpenAlert = {
      sessionId,
      result,
      thumbnail: message.frame ?? known?.thumbnail ?? null,
      isAcknowledging: known?.isAcknowledging ?? false,
      endedAfterS: result.duration_s ?? known?.endedAfterS ?? null,
    };
    return { ...board, open: new Map([...board.open, [result.alert_id, alert] as const].toSorted(byMoment)) };
  }
  if (message.type === 'alert_acknowledged') {
    const { alert_id: alertId, stream_id: sessionId } = message;
    const was = board.open.get(alertId);
    if (was === undefined) return board;
    const open = new Map(board.open);
    open.delete(alertId);
    const { user_id: by, timestamp: at, outcome, note } = message;
    const taken = { alertId, sessionId, result: was.result, by, at, outcome, note };
    return { open, taken: [taken, ...board.taken].slice(0, maxTaken) };
  }
  if (message.type === 'anomaly_ended') {
    const alert = board.open.get(message.alert_id);
    if (alert === undefined) return board;
    const ended = { ...alert, endedAfterS: message.duration_s };
    return { ...board, open: new Map(board.open).set(message.alert_id, ended) };
  }
  return board;
};

export const markAcknowledging = (board: AlertBoard, alertId: string): AlertBoard => {
  const alert = board.open.get(alertId);
  if (alert === undefined) return board;
  return { ...board, open: new Map(board.open).set(alertId, { ...alert, isAcknowledging: true }) };
};

/** Acknowledgements in flight when the connection was lost may not have arrived. */
export const unmarkAcknowledging = (board: AlertBoard): AlertBoard => ({
  ...board,
  open: new Map([...board.open].map(([id, alert]) => [id, { ...alert, isAcknowledging: false }])),
});

/** The number of open alerts and the time of the oldest, by session. */
export const alertsBySession = ({ open }: AlertBoard): Map<string, { count: number; sinceMs: number }> => {
  const bySession = new Map<string, { count: number; sinceMs: number }>();
  for (const { sessionId, result } of open.values()) {
    const known = bySession.get(sessionId);
    const sinceMs = Date.parse(result.raised_at);
    bySession.set(sessionId, { count: (known?.count ?? 0) + 1, sinceMs: Math.min(known?.sinceMs ?? sinceMs, sinceMs) });
  }
  return bySession;
};
