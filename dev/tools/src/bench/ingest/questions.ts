import type { Percentiles } from './percentiles.ts';

/** The questions that a child process can be asked, and its answers. */
/** How late the timers of a process ran, milliseconds. */
export interface LoopDelay {
  p50_ms: number;
  p99_ms: number;
  max_ms: number;
}

/** Of a process, after garbage collection. */
export interface Memory {
  rssBytes: number;
  /** Live JavaScript objects, and memory outside of the heap that they hold. */
  heldBytes: number;
  /** V8's young generation: part of `rssBytes`, nearly empty after a collection. It grows with the rate of work up to a fixed limit. */
  youngBytes: number;
}

export interface ProcessAnswers {
  loopDelay: (question: object) => LoopDelay;
  cpu: (question: object) => { cpuMs: number };
  memory: (question: object) => Promise<Memory>;
}

export interface ServerAnswers extends ProcessAnswers {
  startProfile: (question: object) => Promise<object>;
  stopProfile: (question: { file: string }) => Promise<object>;
}

export type ServerKind = 'invigil' | 'bare';
/** What the bare loop does with each batch: store it; compute its hash chain too; analyse it too. */
export type BareWork = 'store' | 'chain' | 'analysis';

export interface StartQuestion {
  origins: string[];
  kind: ServerKind;
  count: number;
  isCompressed?: boolean;
  /** With which sessions are started; students then connect with their sessions' tokens. */
  token?: string;
}

export interface Started {
  /** Null for the bare loop, which has no sessions to start. */
  started_per_s: number | null;
}

export interface Connected {
  connects_per_s: number;
  connect: Percentiles;
}

export interface Saturated {
  frames: number;
  seconds: number;
  settled_frames: number;
}

/** Bytes. */
export interface Traffic {
  fromStudents: number;
  toStudents: number;
  toProctors: number;
}

export interface Paced {
  offered_frames_per_s: number;
  acked_frames_per_s: number;
  relay: Percentiles;
  ack: Percentiles;
  /** 0–1. */
  generator_busy: number;
  unacknowledged: number;
  bytes_per_s: Traffic;
}

export interface GeneratorAnswers extends ProcessAnswers {
  start: (question: StartQuestion) => Promise<Started>;
  connect: (question: object) => Promise<Connected>;
  leave: (question: object) => Promise<object>;
  disconnect: (question: object) => Promise<object>;
  watch: (question: { origins: string[] }) => Promise<{ proctors: number }>;
  saturate: (question: { frames: number; limitS: number }) => Promise<Saturated>;
  pace: (question: { warmSeconds: number; seconds: number }) => Promise<Paced>;
  /** Ends `pace` before its time. */
  stopPace: (question: object) => object;
  /** Sessions with this many frames each, hours of work sent at once. */
  fill: (question: {
    origins: string[];
    sessions: number;
    framesEach: number;
    limitS: number;
  }) => Promise<{ ids: string[] }>;
  /** Ends sessions and waits for their reports. */
  end: (question: { origins: string[]; ids: string[]; limitS: number }) => Promise<{ reportsAfterS: number[] }>;
  analyze: (question: { origins: string[]; seconds: number }) => Promise<Percentiles>;
}

/** Progress that a process reports on its own while it works. */
export interface ProgressNote {
  done?: number;
  total?: number;
  /** The measurement has begun, or has ended. */
  measuring?: boolean;
  measured?: boolean;
}

/** The message that a process sends once it is ready. */
export interface StartFacts {
  port?: number;
}

/** Messages of a child to its parent. */
export type ChildMessage =
  | { started: StartFacts }
  | { progress: ProgressNote }
  | { id: number; answer: unknown }
  | { id: number; error: string };

export interface ParentQuestion {
  id: number;
  what: string;
  question: object;
}
