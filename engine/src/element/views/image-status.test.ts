import { expect, test } from 'vitest';
import type { DeliveryState } from '../../connection/delivery-state.ts';
import type { ExamNotice } from '../notice/exam-notice.ts';
import { elementTexts } from '../texts/element-texts.ts';
import { imageStatus } from './image-status.ts';

const texts = elementTexts('en').images;
const watched = { isWatched: true, sent: 3, lastSentMs: 1 };
const notWatched = { ...watched, isWatched: false };
const ready = { state: 'ready' } as DeliveryState;
const waiting = { state: 'waiting' } as DeliveryState;
const exam = (while_watched: boolean, with_alerts: boolean) =>
  ({ images: { while_watched, with_alerts } }) as ExamNotice;

/** Each line overrules those after it. */
test.each([
  ['on a break or without a camera', { isCameraOff: true }, texts.cameraOff],
  ['if the page forbids images', { mayPicture: false }, texts.never],
  ['if the exam sends none', { notice: exam(false, false) }, texts.never],
  ['without a connection', { delivery: waiting }, texts.offline],
  ['before the first connection', { delivery: null }, texts.offline],
  ['while a proctor watches', {}, texts.watched],
  ['while no proctor watches', { pictures: notWatched, notice: exam(true, false) }, texts.noneNow],
  ['if an alert may send one', { pictures: notWatched, notice: exam(true, true) }, texts.noneNowButAlerts],
  ['if the exam’s rules are unknown', { pictures: notWatched }, texts.noneNowButAlerts],
] as const)('%s', (_when, circumstances, text) => {
  const watchedNow = { pictures: watched, notice: null, mayPicture: true, isCameraOff: false, delivery: ready };
  const status = imageStatus({ ...watchedNow, ...circumstances }, texts);
  expect(status).toEqual({ text, isSending: text === texts.watched });
});
