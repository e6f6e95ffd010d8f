import * as v from 'valibot';
import type { TypeEquals } from '../frame/type-equals.ts';
import { recoverableErrors, unrecoverableErrors } from './presence.ts';
import type { RecoverableError, ServerPresenceMessage, UnrecoverableError } from './presence.ts';

const namesOf = <Name extends string>(errors: Readonly<Record<Name, number>>): Name[] => Object.keys(errors) as Name[];

const errorOf = <Name extends string>(errors: Readonly<Record<Name, number>>) => {
  const name = v.picklist(namesOf(errors));
  return v.object({ type: name, title: name, status: v.number() });
};

export const ServerPresenceMessageSchema = v.variant('type', [
  v.object({ type: v.literal('connect_success') }),
  v.object({ type: v.literal('event'), label: v.string(), payload: v.unknown() }),
  v.object({
    type: v.literal('unrecoverable_session_error'),
    payload: errorOf<UnrecoverableError>(unrecoverableErrors),
  }),
  v.object({ type: v.literal('recoverable_session_error'), payload: errorOf<RecoverableError>(recoverableErrors) }),
]);

// `title` always equals `type`; the schema does not enforce that.
type Loose<Message> = Message extends { payload: { type: infer Type } }
  ? Omit<Message, 'payload'> & { payload: { type: Type; title: Type; status: number } }
  : Message;
const matches: TypeEquals<v.InferOutput<typeof ServerPresenceMessageSchema>, Loose<ServerPresenceMessage>> = true;
void matches;
