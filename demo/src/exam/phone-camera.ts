import { signal } from '@preact/signals';
import { createCameraLink, fetchCamera } from '../api/camera-api.ts';
import type { PhoneState } from '../api/camera-api.ts';
import { tabStorage } from '../page/tab-storage.ts';

const pollMs = 2000;
const keyOf = (sessionId: string): string => `invigil-phone:${sessionId}`;

export interface PhoneView {
  phone: PhoneState;
  /** The address in the QR code; null once a phone has opened it. */
  address: string | null;
  /** Whether the phone has been the camera at least once: the questions are shown from then on. */
  wasConnected: boolean;
  hasFailed: boolean;
  /** Whether the student has chosen a phone. */
  isActive: boolean;
}

const firstView: PhoneView = {
  phone: 'waiting',
  address: null,
  wasConnected: false,
  hasFailed: false,
  isActive: false,
};

/** Whether a phone is the camera of this tab's session, also after a reload. */
export const isPhoneCamera = (sessionId: string | null): boolean =>
  sessionId !== null && ['waiting', 'connected'].includes(tabStorage.get(keyOf(sessionId)) ?? '');

/** The computer's side of a phone that is the camera: the link, and what the server knows of the phone. */
export const createPhoneCamera = (onSessionOver: () => void) => {
  const view = signal<PhoneView>(firstView);
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Counts what starts or ends the polling: answers to requests from before are dropped. */
  let round = 0;

  const poll = async (sessionId: string): Promise<void> => {
    const begunIn = round;
    const answer = await fetchCamera(sessionId);
    if (begunIn !== round) return;
    if (answer.ok && !answer.value.isRunning) return close(onSessionOver);
    if (answer.ok) {
      const { phone } = answer.value;
      const { address, wasConnected } = view.value;
      const isSeen = phone === 'connected' || phone === 'lost';
      if (isSeen) tabStorage.set(keyOf(sessionId), 'connected');
      view.value = {
        ...view.value,
        phone,
        // A lost phone stays the session's phone until another has connected, so a new code is shown meanwhile.
        address: phone === 'waiting' || phone === 'lost' ? address : null,
        wasConnected: wasConnected || isSeen,
      };
    }
    timer = setTimeout(() => void poll(sessionId), pollMs);
  };

  const follow = (sessionId: string): void => {
    round += 1;
    clearTimeout(timer);
    timer = setTimeout(() => void poll(sessionId), 0);
  };

  const close = (after: () => void = () => undefined): void => {
    round += 1;
    clearTimeout(timer);
    after();
  };

  return {
    view,
    /** Shows a new code. */
    async show(sessionId: string): Promise<void> {
      if (!isPhoneCamera(sessionId)) tabStorage.set(keyOf(sessionId), 'waiting');
      const begunIn = (round += 1);
      const answer = await createCameraLink(sessionId);
      if (begunIn !== round) return;
      const address = answer.ok ? answer.value : null;
      view.value = { ...view.value, phone: 'waiting', address, hasFailed: !answer.ok, isActive: true };
      follow(sessionId);
    },
    /** After a reload of the page. */
    resume(sessionId: string): void {
      view.value = { ...view.value, wasConnected: tabStorage.get(keyOf(sessionId)) === 'connected', isActive: true };
      follow(sessionId);
    },
    /** The computer's camera takes over: the page starts again, and asks for consent. */
    leave(sessionId: string): void {
      close();
      tabStorage.set(keyOf(sessionId), 'left');
      location.reload();
    },
    close: () => close(),
  };
};
