import { Bus } from '../src/bus/bus.ts';
import { localLink } from '../src/bus/local-link.ts';
import { MessageRelay } from '../src/bus/message-relay.ts';

/** A bus within this process. By default a handler that throws fails the test. */
export const localBus = (
  onError = (error: unknown): void => {
    throw error;
  },
): Bus =>
  new Bus(new MessageRelay('test', localLink(), onError), ({ topic }) => {
    throw new TypeError(`invalid message on ${topic}`);
  });
