export { InvigilProctor } from './react/invigil-proctor.ts';
export type { InvigilProctorAttributes, InvigilProctorHandlers, InvigilProctorProps } from './react/invigil-proctor.ts';
