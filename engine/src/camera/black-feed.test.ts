import { beforeEach, expect, test } from 'vitest';
import { BlackFeed } from './black-feed.ts';

const black = { image_brightness: 0, image_contrast: 0 };
const room = { image_brightness: 0.4, image_contrast: 0.3 };
const covered = { image_brightness: 0.01, image_contrast: 0.003 };

let feed: BlackFeed;
beforeEach(() => {
  feed = new BlackFeed();
});
const reopens = (images: readonly object[], fromMs = 0): number[] =>
  images.flatMap((image, at) => (feed.update(image, fromMs + at * 200) ? [at] : []));

test('asks for the camera to be reopened at the second black image, and only once', () => {
  expect(reopens([room, black, black, ...Array.from({ length: 100 }, () => black)])).toEqual([2]);
});

test('a single black image is an exposure that adjusts', () => {
  expect(reopens([room, black, room, black, room])).toEqual([]);
});

test('a covered lens, whose sensor has noise, and readings without an image, are left alone', () => {
  expect(reopens([covered, covered, covered])).toEqual([]);
  expect(reopens([{}, { image_brightness: null }, {}])).toEqual([]);
});

test('asks again for a later black stretch, but not within a minute', () => {
  expect(reopens([black, black])).toEqual([1]);
  expect(reopens([room, black, black], 10_000)).toEqual([]);
  expect(reopens([room, black, black], 70_000)).toEqual([2]);
});
