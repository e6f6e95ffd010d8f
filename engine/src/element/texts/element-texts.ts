import type { CameraWait } from '../../camera/camera-state.ts';
import type { ProctorFailure } from '../../errors/proctor-error.ts';
import type { MissingPart } from '../../proctor/missing-part.ts';
import type { Language } from '../../i18n/language.ts';
import { elementTextsDe } from './element-texts-de.ts';
import { elementTextsEn } from './element-texts-en.ts';
import { elementTextsEs } from './element-texts-es.ts';

/** All texts of the element, except names of readings and observations. `{name}` is a placeholder. */
export interface ElementTexts {
  title: string;
  preview: string;
  consent: {
    title: string;
    resume: string;
    read: { name: string; text: string };
    /** The others replace `text` if the exam's notice is known. */
    sent: { name: string; text: string; never: string; watched: string; alerts: string; both: string };
    /** With a notice, `live` or `notLive` precedes `text`, and `ownReport` or `noReport` follows it, then `history` if the policy allows one. */
    seen: {
      name: string;
      text: string;
      live: string;
      notLive: string;
      ownReport: string;
      noReport: string;
      history: string;
    };
    /** `exactly` replaces `text` if the notice is known; the rest are its `{frames}` and `{reports}`. */
    kept: {
      name: string;
      text: string;
      exactly: string;
      days: string;
      day: string;
      atOnce: string;
      byHand: string;
    };
    numbers: string;
    download: string;
    agree: string;
    goOn: string;
    decline: string;
  };
  organiser: { name: string; privacy: string };
  declined: { title: string; text: string; back: string };
  /** Whether images leave this device at this moment. `sendingShort` is for the bar. */
  images: {
    cameraOff: string;
    never: string;
    offline: string;
    watched: string;
    noneNow: string;
    noneNowButAlerts: string;
    sendingShort: string;
  };
  help: { ask: string; label: string; send: string; cancel: string; sent: string; failed: string };
  /** The student's answer to a proctor's message. */
  reply: { ask: string; label: string; sent: string };
  preparing: { title: string; text: string; session: string; models: string; warmUp: string; amount: string };
  /** Shown when opening the camera takes a long time. */
  cameraWaiting: Record<CameraWait, { title: string; text: string; button: string }>;
  panel: {
    starting: string;
    observed: string;
    notObserved: string;
    elapsed: string;
    /** Before the time that is left of the exam. */
    left: string;
    /** Of the bar in small windows: at most two lines of twelve characters. */
    short: Record<'notObserved' | 'paused' | 'offline' | 'waiting' | 'expired' | 'replaced' | 'refused', string>;
    more: string;
    less: string;
    pictures: string;
    missing: string;
    phone: string;
    hands: string;
    numbers: string;
    notes: string;
    noNotes: string;
    running: string;
    explain: string;
  };
  /** `infrared` and `virtual` follow the name of such a camera. */
  camera: { label: string; choose: string; infrared: string; virtual: string };
  break: { begin: string; end: string; status: string; text: string; since: string };
  messages: { title: string; read: string };
  delivery: {
    none: string;
    delivered: string;
    underway: string;
    opening: string;
    paused: string;
    offline: string;
    waiting: string;
    expired: string;
    replaced: string;
    refused: string;
    lost: string;
    memory: string;
  };
  ending: { title: string; text: string };
  stopped: { title: string; text: string };
  undelivered: { title: string; text: string; send: string };
  over: { title: string; text: string };
  notStarted: { title: string; text: string };
  failed: { camera: string; elsewhere: string; replaced: string; other: string };
  /** For a session that cannot have the part: `required` or `continue` with the button `begin`; while it runs without it, `text` and `retry`. */
  without: Record<MissingPart, { required: string; continue: string; begin: string; text: string; retry: string }>;
  takeBack: string;
  again: string;
  failures: Record<ProctorFailure, string>;
}

type Overrides<Texts> = { [Name in keyof Texts]?: Texts[Name] extends string ? string : Overrides<Texts[Name]> };

/** Texts that replace some of the element's own. */
export type OwnTexts = Overrides<ElementTexts>;

const textsByLanguage: Record<Language, ElementTexts> = { en: elementTextsEn, de: elementTextsDe, es: elementTextsEs };

const merged = <Texts extends object>(texts: Texts, own: Overrides<Texts>): Texts => {
  const result = { ...texts };
  for (const name of Object.keys(own) as (keyof Texts)[]) {
    const [given, ours] = [own[name], texts[name]];
    if (given === undefined) continue;
    result[name] =
      typeof ours === 'object' && ours !== null
        ? merged(ours, given as Overrides<object>)
        : (given as Texts[typeof name]);
  }
  return result;
};

export const elementTexts = (language: Language, own: OwnTexts = {}): ElementTexts =>
  merged(textsByLanguage[language], own);

/** Fills in the placeholders of 'Delivering, {count} on the way'. One without a value stays, so that it is noticed. */
export const filled = (text: string, values: Record<string, string | number>): string =>
  text.replaceAll(/\{(\w+)\}/g, (place, name: string) => (name in values ? String(values[name]) : place));
