import * as v from 'valibot';

/** A proctor's actions for one student during a session: REST from the proctor, session channel to the student's page. */

const maxMessageLength = 1000;
const maxNoteLength = 4000;
const text = (maxLength: number) => v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(maxLength));

/** `POST /api/v1/session/{id}/messages` */
export const MessageRequestSchema = v.object({ text: text(maxMessageLength) });

/** `POST /api/v1/session/{id}/flags`: a note for the reader of the report. The student does not see it. */
export const FlagRequestSchema = v.object({ note: text(maxNoteLength) });

export const breakActions = ['begin', 'end'] as const;
export type BreakAction = (typeof breakActions)[number];

/** `POST /api/v1/session/{id}/break`: asks the student's page to begin or end a break, if the exam's policy allows breaks. */
export const BreakRequestSchema = v.object({ action: v.picklist(breakActions) });

/**
 * Sent only to clients that sent `hello`. Proctor messages are repeated after each `hello`, so that a client that was
 * offline receives them; `message_id` identifies duplicates. `breaks` follows a `hello` if breaks are allowed.
 */
export type GuidanceMessage =
  | { type: 'proctor_message'; message_id: string; text: string; timestamp: string }
  | { type: 'break'; action: BreakAction; timestamp: string }
  | { type: 'breaks'; allowed: boolean };
