import { InvigilProctor } from './element/invigil-proctor.ts';
import type { InvigilProctorEvents } from './element/element-events.ts';

// Importing this module defines `<invigil-proctor>`. Without a DOM, for example in Node, it only exports.
const registry = (globalThis as { customElements?: CustomElementRegistry }).customElements;
if (registry !== undefined && registry.get('invigil-proctor') === undefined) {
  registry.define('invigil-proctor', InvigilProctor);
}

declare global {
  interface HTMLElementTagNameMap {
    'invigil-proctor': InvigilProctor;
  }
  interface HTMLElementEventMap extends InvigilProctorEventMap {}
}

/** The element's events, typed for `addEventListener`. */
export type InvigilProctorEventMap = { [E in keyof InvigilProctorEvents]: CustomEvent<InvigilProctorEvents[E]> };

export { InvigilProctor };
export type { InvigilProctorEvents } from './element/element-events.ts';
export type { ElementOptions } from './element/invigil-proctor.ts';
export type { ElementTexts, OwnTexts } from './element/texts/element-texts.ts';
export type { ExamNotice, NoticeSource } from './element/notice/exam-notice.ts';
export type { SessionTicket } from './element/session/session-ticket.ts';
export type { Stage, StageName } from './element/session/stage.ts';
