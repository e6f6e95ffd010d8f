import { InvigilProctor } from './element/invigil-proctor.ts';
import type { InvigilProctorEvents } from './element/invigil-proctor.ts';

/** Loading this module is what makes `<invigil-proctor>` known to the page. */
if (customElements.get('invigil-proctor') === undefined) customElements.define('invigil-proctor', InvigilProctor);

declare global {
  interface HTMLElementTagNameMap {
    'invigil-proctor': InvigilProctor;
  }
  interface HTMLElementEventMap extends InvigilProctorEventMap {}
}

/** The element's events as `addEventListener` knows them. */
export type InvigilProctorEventMap = { [E in keyof InvigilProctorEvents]: CustomEvent<InvigilProctorEvents[E]> };

export { InvigilProctor };
export type { ElementOptions, InvigilProctorEvents } from './element/invigil-proctor.ts';
export type { ElementTexts, OwnTexts } from './element/texts/element-texts.ts';
export type { SessionTicket } from './element/session/element-session.ts';
export type { Stage, StageName } from './element/session/stage.ts';
