import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { observationsCsv } from './observations-csv.ts';
import type { Report, ReportObservation } from './report.ts';

const observation: ReportObservation = {
  id: 'phone_visible-3',
  type: 'phone_visible',
  from_ms: 1000,
  to_ms: 3500,
  from_s: 1,
  to_s: 3.5,
  duration_s: 2.5,
  confidence: 0.75,
  measured: { phone_conf: 75 },
  evidence: { first: '3', strongest: '5', last: '9' },
  frames: 4,
};
const csvOf = (observations: readonly ReportObservation[], session_id = 's1'): string =>
  observationsCsv({ session: { session_id }, observations } as unknown as Report);

/** A reader for RFC 4180, independent of the writer. */
const readCsv = (text: string): string[][] => {
  const [rows, row, field] = [[] as string[][], [] as string[], { text: '' }];
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at]!;
    if (quoted && char === '"' && text[at + 1] === '"') {
      field.text += '"';
      at += 1;
    } else if (char === '"') quoted = !quoted;
    else if (!quoted && char === ',') {
      row.push(field.text);
      field.text = '';
    } else if (!quoted && char === '\r') {
      rows.push([...row, field.text]);
      row.length = 0;
      field.text = '';
      at += 1;
    } else field.text += char;
  }
  return rows;
};

describe('observations as CSV', () => {
  test('are one line each, under a header, ending with CRLF', () => {
    expect(csvOf([observation]).split('\r\n')).toEqual([
      'session_id,id,type,from_s,to_s,duration_s,confidence,frames,first_frame,strongest_frame,last_frame,measured',
      's1,phone_visible-3,phone_visible,1,3.5,2.5,0.75,4,3,5,9,"{""phone_conf"":75}"',
      '',
    ]);
  });

  test('of a session without any are the header alone', () => {
    expect(csvOf([]).split('\r\n')).toHaveLength(2);
  });

  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', "'=1", "''-1"])(
    'never start a formula in a spreadsheet: %j',
    (text) => {
      const [, row] = readCsv(csvOf([observation], text));
      expect(row![0]).toBe(`'${text}`);
    },
  );

  test('leave negative numbers as numbers', () => {
    const [, row] = readCsv(csvOf([{ ...observation, from_s: -2.5 }]));
    expect(row![3]).toBe('-2.5');
  });

  test('can be read back, whatever the text', () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('"', "'", ',', '\r', '\n', '=', 'a', ' ') }));
    fc.assert(
      fc.property(text, text, fc.dictionary(text, fc.double()), (session, frame, measured) => {
        const evidence = { first: frame, strongest: frame, last: frame };
        const rows = readCsv(csvOf([observation, { ...observation, evidence, measured }], session));
        expect(rows.map((row) => row.length)).toEqual([12, 12, 12]);
        const unmarked = (value: string) => (/^''*[=+\-@\t\r]/.test(value) ? value.slice(1) : value);
        expect(unmarked(rows[2]![0]!)).toBe(session);
        expect(unmarked(rows[2]![9]!)).toBe(frame);
        expect(JSON.parse(rows[2]![11]!)).toEqual(JSON.parse(JSON.stringify(measured)));
      }),
    );
  });
});
