import * as v from 'valibot';

const version = v.number();
const replica = v.string();

/**
 * Messages between replicas about one roster. `version` counts the messages about changes of the sending replica, so that a receiver
 * can detect a gap and request the full list. One change is `set` or `delete`, several at once are `changes`. A full list that does not fit
 * into one message has `more` in all but its last, and numbers its parts from 0; earlier versions send neither.
 */
export const rosterMessage = <Entry extends object>(entry: v.GenericSchema<unknown, Entry>) => {
  const item = v.tuple([v.string(), v.number(), entry]);
  return v.variant('kind', [
    v.object({ kind: v.literal('set'), replica, version, item }),
    v.object({ kind: v.literal('delete'), replica, version, key: v.string() }),
    v.object({ kind: v.literal('changes'), replica, version, items: v.array(item), gone: v.array(v.string()) }),
    v.object({
      kind: v.literal('whole'),
      replica,
      version,
      begins: v.boolean(),
      more: v.optional(v.boolean()),
      part: v.optional(v.number()),
      items: v.array(item),
    }),
    v.object({ kind: v.literal('beat'), replica, version }),
    v.object({ kind: v.literal('ask'), replica }),
    v.object({ kind: v.literal('gone'), replica }),
  ]);
};

/** An entry with its key and when it was added (server clock, milliseconds since the Unix epoch). */
export type RosterItem<Entry> = [key: string, sinceMs: number, entry: Entry];

export type RosterMessage<Entry extends object> =
  | { kind: 'set'; replica: string; version: number; item: RosterItem<Entry> }
  | { kind: 'delete'; replica: string; version: number; key: string }
  | { kind: 'changes'; replica: string; version: number; items: RosterItem<Entry>[]; gone: string[] }
  | {
      kind: 'whole';
      replica: string;
      version: number;
      begins: boolean;
      more?: boolean | undefined;
      part?: number | undefined;
      items: RosterItem<Entry>[];
    }
  | { kind: 'beat'; replica: string; version: number }
  | { kind: 'ask'; replica: string }
  | { kind: 'gone'; replica: string };
