import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { configKeyOf, keyHash, sebJson } from './config-key.ts';

describe('the text behind a Config Key', () => {
  test('has its keys in order whatever their case, as in the specification’s example', () => {
    // A part of https://safeexambrowser.org/developer/seb-config-key.html, "Example SEB-JSON String".
    const published =
      '{"allowDownUploads":false,"allowedDisplayBuiltin":true,"allowedDisplaysMaxNumber":1,"allowFlashFullscreen":false,' +
      '"browserMessagingSocket":"ws:\\localhost:8706","permittedProcesses":[{"active":true,"allowedExecutables":"",' +
      '"allowUserToChooseApp":false,"arguments":[],"os":1}],"URLFilterRules":[{"action":1,"active":true,' +
      '"expression":"safeexambrowser.org/exams","regex":false}],"zoomMode":0}';
    const settings = {
      zoomMode: 0,
      URLFilterRules: [{ regex: false, expression: 'safeexambrowser.org/exams', active: true, action: 1 }],
      permittedProcesses: [{ os: 1, arguments: [], allowUserToChooseApp: false, allowedExecutables: '', active: true }],
      browserMessagingSocket: 'ws:\\localhost:8706',
      allowFlashFullscreen: false,
      allowedDisplaysMaxNumber: 1,
      allowedDisplayBuiltin: true,
      allowDownUploads: false,
    };
    expect(sebJson(settings)).toBe(published);
    expect(configKeyOf(settings)).toBe(createHash('sha256').update(published).digest('hex'));
  });

  test('leaves out the version that wrote it, and empty dictionaries', () => {
    const settings = { startURL: 'https://a.example', originatorVersion: 'SEB_OSX_2.1.4', proxies: {}, list: [] };
    expect(sebJson(settings)).toBe('{"list":[],"startURL":"https://a.example"}');
  });

  test('escapes nothing, and is encoded in UTF-8', () => {
    expect(sebJson({ text: 'Prüfung "1" \\d+ <a&b>' })).toBe('{"text":"Prüfung "1" \\d+ <a&b>"}');
    expect(configKeyOf({ text: 'ü' })).toBe(
      createHash('sha256').update(Buffer.from('{"text":"ü"}', 'utf8')).digest('hex'),
    );
  });
});

test('a hash covers the address without its fragment, then the key', () => {
  const key = 'ab'.repeat(32);
  const expected = createHash('sha256').update(`https://a.example/exam/?exam=1${key}`).digest('hex');
  expect(keyHash('https://a.example/exam/?exam=1#link=x', key)).toBe(expected);
  expect(keyHash('https://a.example/exam/?exam=2', key)).not.toBe(expected);
});
