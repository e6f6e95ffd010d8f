/** A limit on what one party may cost, whatever connection or replica it uses, unless `scope` says otherwise. */
export interface BudgetRow {
  scope: 'anonymous connection' | 'process' | 'student and exam' | 'session';
  what: string;
  limit: number;
  unit: string;
  /** What happens beyond it. */
  beyond: string;
}

/** The limits that no environment variable sets. docs/reference/limits.md is generated from this table. */
export const budgetTable = {
  anonymousBytes: {
    scope: 'anonymous connection',
    what: 'Bytes received before a WebSocket client has identified itself',
    limit: 8192,
    unit: 'bytes',
    beyond: 'the connection is closed with 1009',
  },
  anonymousConnections: {
    scope: 'process',
    what: 'WebSocket connections whose client has not identified itself yet',
    limit: 1000,
    unit: 'connections',
    beyond: 'the upgrade is refused with 503',
  },
  sessions: {
    scope: 'student and exam',
    what: 'Sessions started in 24 hours; at most one runs at a time',
    limit: 50,
    unit: 'sessions',
    beyond: '429 `RATE_EXCEEDED`; no session is started',
  },
  highlights: {
    scope: 'student and exam',
    what: 'Highlights',
    limit: 1000,
    unit: 'rows',
    beyond: '429 `RATE_EXCEEDED`; nothing is stored',
  },
  questions: {
    scope: 'student and exam',
    what: 'Questions answered; an answer may be changed at any time',
    limit: 1000,
    unit: 'rows',
    beyond: '429 `RATE_EXCEEDED`; nothing is stored',
  },
  contests: {
    scope: 'session',
    what: 'Contests of observations',
    limit: 100,
    unit: 'rows',
    beyond: '429 `RATE_EXCEEDED`; nothing is stored',
  },
} as const satisfies Record<string, BudgetRow>;
