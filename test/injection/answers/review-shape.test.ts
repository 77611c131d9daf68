import { describe, expect, it } from 'vitest';
import { shapeOf } from '../../../src/injection/answers/review-shape.ts';

const uid = 'e17a9282-9232-435f-90aa-4ba669ca23a1';
const otherUid = 'f25ee529-75da-454c-bfd7-b08cb2f85e0c';
/** A body with a text in its pod. */
const body = (text: string, own = uid) => `{"request":{"uid":"${own}","object":{${text}}}}`;
const keyOf = (text: string, own = uid, path = '/inject') => shapeOf(body(text, own), path)?.key;
const named = (...names: string[]) => names.map((name) => `{"name":"${name}"}`).join(',');

describe('the shape of a review', () => {
  it('is the same whatever the uid of the request', () => {
    expect(keyOf('"a":1')).toBe(keyOf('"a":1', otherUid));
    expect(shapeOf(body(''), '/inject')).toMatchObject({ uid, volume: '' });
  });

  it('finds the uid also where keys are sorted', () => {
    const sorted = (own: string) => `{"request":{"object":{"uid":"${uid}"},"uid":"${own}","userInfo":{}}}`;
    expect(shapeOf(sorted(otherUid), '')).toMatchObject({ uid: otherUid });
    expect(shapeOf(sorted(otherUid), '')?.key).toBe(shapeOf(sorted(uid), '')?.key);
  });

  it.each([
    ['no uid', '{"request":{}}'],
    ['another uid', `{"request":{"object":{"uid":"${uid}"}}}`],
    ['an uid that is none', '{"request":{"uid":"u","userInfo":{}}}'],
    ['an uid in capitals', body('', uid.toUpperCase())],
    ['an uid that goes on', body('', `${uid}0`)],
    ['an uid with an escape', body('', `${uid.slice(0, -6)}\\u0061`)],
    ['nothing before the user', '","userInfo":{'],
  ])('is not known with %s', (_, text) => {
    expect(shapeOf(text, '/inject')).toBeUndefined();
  });

  it.each([
    ['the first second of a year', '2026-01-01T00:00:00Z'],
    ['the last one', '2026-12-31T23:59:59Z'],
    ['the end of April', '2026-04-30T12:00:00Z'],
    ['the end of February', '2026-02-28T12:00:00Z'],
  ])('is the same at any time: %s', (_, time) => {
    expect(keyOf(`"time":"${time}"`)).toBe(keyOf('"time":"2001-02-03T04:05:06Z"'));
  });

  it.each([
    '2026-02-29T12:00:00Z',
    '2026-04-31T12:00:00Z',
    '2026-13-01T12:00:00Z',
    '2026-00-01T12:00:00Z',
    '2026-01-00T12:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T12:60:00Z',
    '2026-01-01T12:00:60Z',
    '2026-01-01T12:00:00z',
    '2026-01-01T12:00:00Zx',
    '2026-01-01T12:00:00.5Z',
  ])('has a time in it that metav1.Time does not write: %s', (time) => {
    expect(keyOf(`"time":"${time}"`)).not.toBe(keyOf('"time":"2001-02-03T04:05:06Z"'));
    expect(keyOf(`"time":"${time}"`)).toContain(time);
  });

  it('is the same whatever the name of the volume with the token', () => {
    const names = (name: string) => named(name, 'data', name);
    expect(keyOf(names('kube-api-access-bcdf2'))).toBe(keyOf(names('kube-api-access-l6bjw')));
    expect(shapeOf(body(names('kube-api-access-l6bjw')), '')).toMatchObject({ volume: 'kube-api-access-l6bjw' });
  });

  it.each([
    ['it is not generated', named('kube-api-access-abcde')],
    ['it is too long', named('kube-api-access-bcdfgh')],
    ['it is too short', named('kube-api-access-bcdf')],
    ['there are several', named('kube-api-access-bcdfg', 'kube-api-access-bcdfh')],
    ['it stands elsewhere, too', `${named('kube-api-access-bcdfg')},"value":"kube-api-access-bcdfg"`],
    ['it is part of a text', `${named('kube-api-access-bcdfg')},"value":"{\\"name\\":\\"kube-api-access-bcdfg\\"}"`],
    ['the prefix stands elsewhere', `${named('kube-api-access-bcdfg')},"value":"kube-api-access-"`],
    ['it is part of a name', named('my-kube-api-access-bcdfg')],
  ])('has the name of the volume in it where %s', (_, text) => {
    expect(shapeOf(body(text), '')?.volume).toBe('');
    expect(keyOf(text)).toContain(text);
  });

  it('differs where the rest of the body or the path do', () => {
    const time = '"time":"2026-01-01T12:00:00Z"';
    const keys = [
      keyOf('"a":1'),
      keyOf('"a":1.0'),
      keyOf('"a":1 '),
      keyOf('"a":9007199254740993'),
      keyOf('"a":9007199254740992'),
      keyOf('"a":"\uFFFD"'),
      keyOf('"a":"\\ufffd"'),
      keyOf('"a":"\\ud800"'),
      keyOf('"a":1,"a":1'),
      keyOf('"__proto__":1'),
      keyOf(time),
      keyOf(`"time":""`),
      keyOf(named('kube-api-access-bcdfg')),
      keyOf(named('')),
      keyOf('"a":1', uid, '/inject/cluster/a'),
      keyOf('"a":1', uid, '/inject uid 19'),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('cannot be imitated by a body that has nothing where others have a text of their own', () => {
    const empty = `{"request":{"uid":"","object":{},"x":{"uid":"${uid}","userInfo":{}}}}`;
    expect(shapeOf(empty, '')?.key).not.toBe(
      shapeOf(`{"request":{"uid":"${uid}","object":{},"x":{"uid":"","userInfo":{}}}}`, '')?.key,
    );
  });

  it('gives the body of another', () => {
    const text = `${named('kube-api-access-bcdfg')},"time":"2026-01-01T12:00:00Z",`;
    const others = { uid: otherUid, time: '2001-02-03T04:05:06Z', volume: 'kube-api-access-l6bjw' };
    expect(shapeOf(body(text), '')?.withTexts(others)).toBe(
      body(`${named('kube-api-access-l6bjw')},"time":"2001-02-03T04:05:06Z",`, otherUid),
    );
  });
});
