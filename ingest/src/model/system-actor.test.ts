import { expect, test } from 'vitest';
import { isId } from '@invigil/protocol/frame';
import { systemActors } from './system-actor.ts';

test('no user can have the name under which the server acts', () => {
  for (const actor of Object.values(systemActors)) expect(isId(actor)).toBe(false);
});
