export { InvigilProctor } from './react/invigil-proctor.tsx';
export type {
  InvigilProctorAttributes,
  InvigilProctorHandlers,
  InvigilProctorProps,
} from './react/invigil-proctor.tsx';
