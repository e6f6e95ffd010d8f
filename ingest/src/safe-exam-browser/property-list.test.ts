import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { configKeyOf } from './config-key.ts';
import { examConfiguration } from './exam-configuration.ts';
import { propertyList } from './property-list.ts';

/** Reads a configuration and computes its Config Key apart from this code, as Safe Exam Browser does from the file. */
const readElsewhere = `
import sys, json, plistlib, hashlib
def ordered(value):
    if isinstance(value, dict):
        return {key: ordered(value[key]) for key in sorted(value, key=str.lower) if value[key] != {}}
    return [ordered(item) for item in value] if isinstance(value, list) else value
settings = plistlib.loads(sys.stdin.buffer.read())
counted = {key: value for key, value in settings.items() if key != 'originatorVersion'}
text = json.dumps(ordered(counted), separators=(',', ':'), ensure_ascii=False)
print(json.dumps({'settings': settings, 'key': hashlib.sha256(text.encode()).hexdigest()}))
`;

test('another program reads the configuration as it is meant, and finds the same Config Key', () => {
  const settings = {
    ...examConfiguration('https://proctor.example.edu', 'physics 1/2'),
    title: 'Prüfung <a & b>',
    list: [1, { inner: 'x' }],
  };
  const { stdout, stderr } = spawnSync('/usr/bin/python3', ['-c', readElsewhere], {
    input: propertyList(settings),
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual({ settings, key: configKeyOf(settings) });
});

test('students start at an address without a query, to which their link is added, and leave at one of this server', () => {
  expect(examConfiguration('https://proctor.example.edu', 'physics 1/2')).toMatchObject({
    startURL: 'https://proctor.example.edu/seb/physics%201%2F2',
    startURLAppendQueryParameter: true,
    quitURL: 'https://proctor.example.edu/seb/quit',
    sendBrowserExamKey: true,
    allowVideoCapture: true,
  });
});
