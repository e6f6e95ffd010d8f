import * as v from 'valibot';

/** What proctors do about one student while a sitting runs: over REST from them, over the session channel to the student's page. */

const maxMessageLength = 1000;
const maxNoteLength = 4000;
const text = (maxLength: number) => v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(maxLength));

/** `POST /api/v1/session/{id}/messages` */
export const MessageRequestSchema = v.object({ text: text(maxMessageLength) });

/** `POST /api/v1/session/{id}/flags`: something to look at when the report is read. The student does not see it. */
export const FlagRequestSchema = v.object({ note: text(maxNoteLength) });

export const BREAK_ACTIONS = ['begin', 'end'] as const;
export type BreakAction = (typeof BREAK_ACTIONS)[number];

/** `POST /api/v1/session/{id}/break`: asks the student's page to begin or end a break, where the exam's policy allows breaks. */
export const BreakRequestSchema = v.object({ action: v.picklist(BREAK_ACTIONS) });

/**
 * To clients that said `hello`, and to nobody else. Messages are said again after each `hello`, so that one who was away has
 * them; `message_id` tells what is known already. `breaks` comes after a `hello`, where breaks are allowed.
 */
export type GuidanceMessage =
  | { type: 'proctor_message'; message_id: string; text: string; timestamp: string }
  | { type: 'break'; action: BreakAction; timestamp: string }
  | { type: 'breaks'; allowed: boolean };
