import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Findings } from '../../tools/soak/findings.ts';
import { judgeMemory, type MemorySample } from '../../tools/soak/memory.ts';
import { Minutes } from '../../tools/soak/minutes.ts';
import { Random } from '../../tools/soak/random.ts';
import { watchLog } from '../../tools/soak/server-log.ts';
import { Timeline } from '../../tools/soak/timeline.ts';
import { Volume } from '../../tools/soak/volume.ts';

const grace = 1000;

/** The states that may answer a request that is sent at one time and answered at another. */
function possible(timeline: Timeline<string>, sent: number, between: () => void = () => undefined): string[] {
  const floor = timeline.sent(sent);
  between();
  return timeline.window(floor).map(({ state }) => state);
}

describe('the timeline of states', () => {
  it('allows the first state alone until another is given', () => {
    const timeline = new Timeline('a', grace, 0);
    expect(possible(timeline, 0)).toEqual(['a']);
  });

  it('allows old and new while the server may not have noticed', () => {
    const timeline = new Timeline('a', grace, 0);
    timeline.change('b', 100);
    expect(possible(timeline, 100 + grace - 1)).toEqual(['a', 'b']);
    expect(possible(timeline, 100 + grace)).toEqual(['b']);
  });

  it('allows what is given while the request is on its way', () => {
    const timeline = new Timeline('a', grace, 0);
    const states = possible(timeline, 5, () => {
      timeline.change('b', 10);
    });
    expect(states).toEqual(['a', 'b']);
  });

  it('does not allow an older state once a newer one has answered', () => {
    const timeline = new Timeline('a', grace, 0);
    timeline.change('b', 100);
    timeline.seen(1);
    expect(possible(timeline, 101)).toEqual(['b']);
  });

  it('still allows the older state to a request that was sent before that', () => {
    const timeline = new Timeline('a', grace, 0);
    timeline.change('b', 100);
    const states = possible(timeline, 101, () => {
      timeline.seen(1);
    });
    expect(states).toEqual(['a', 'b']);
  });

  it('never allows a bad state, and keeps the last good one', () => {
    const timeline = new Timeline('a', grace, 0);
    timeline.change(undefined, 100);
    expect(possible(timeline, 100 + 5 * grace)).toEqual(['a']);
  });

  it('allows all states that were replaced in haste, since the server may have taken any', () => {
    const timeline = new Timeline('a', grace, 0);
    timeline.change('b', 100);
    timeline.change('c', 100 + grace / 2);
    expect(possible(timeline, 100 + grace + 1)).toEqual(['a', 'b', 'c']);
    expect(possible(timeline, 100 + grace / 2 + grace)).toEqual(['c']);
  });

  it('knows which state was long enough there when it is replaced', () => {
    const timeline = new Timeline('a', grace, 0);
    timeline.change('b', 100);
    timeline.change('c', 100 + grace);
    expect(possible(timeline, 101 + grace)).toEqual(['b', 'c']);
  });

  it('says what the server must have made of the newest state', () => {
    const timeline = new Timeline('a', grace, 0);
    expect(timeline.settled(0)).toEqual({ refused: false });
    timeline.change(undefined, 100);
    expect(timeline.settled(100)).toBeUndefined();
    expect(timeline.settled(100 + grace)).toEqual({ refused: true });
  });
});

/** Ten minutes of samples, one a second. */
function samples(rssAt: (seconds: number) => number): MemorySample[] {
  return Array.from({ length: 600 }, (_, seconds) => ({ seconds, rssMb: rssAt(seconds) }));
}

describe('the judgement of memory', () => {
  const random = new Random(7);
  /** Garbage between two collections, and noise. */
  const sawtooth = (seconds: number): number => (seconds % 13) * 4 + random.next() * 3;

  it('sees a leak through the saw-tooth of garbage collection', () => {
    const trend = judgeMemory(samples((seconds) => 150 + seconds / 20 + sawtooth(seconds)));
    expect(trend?.grew).toBe(true);
    expect(trend?.mbPerMinute).toBeGreaterThan(2.5);
    expect(trend?.mbPerMinute).toBeLessThan(3.5);
  });

  it.each([
    ['stays', (seconds: number) => 150 + sawtooth(seconds)],
    ['grows in the first three minutes', (seconds: number) => 100 + Math.min(seconds, 170) / 3 + sawtooth(seconds)],
    ['shrinks', (seconds: number) => 200 - seconds / 20 + sawtooth(seconds)],
    ['has a peak', (seconds: number) => 150 + (seconds > 300 && seconds < 360 ? 80 : 0) + sawtooth(seconds)],
    ['rises by less than one can see', (seconds: number) => 150 + seconds / 600 + sawtooth(seconds)],
  ])('is content when it %s', (_name, rssAt) => {
    expect(judgeMemory(samples(rssAt))?.grew).toBe(false);
  });

  it('says nothing after too short a time', () => {
    expect(judgeMemory(samples(() => 100).slice(0, 240))).toBeUndefined();
  });
});

describe('a volume', () => {
  it('shows new files all at once at the old paths, and takes away what is gone', () => {
    const volume = new Volume(mkdtempSync(join(tmpdir(), 'outrigger-soak-test-')), { a: '1', b: '1' });
    expect(readFileSync(volume.path('a'), 'utf8')).toBe('1');
    volume.replace({ a: '2' });
    expect(readFileSync(volume.path('a'), 'utf8')).toBe('2');
    expect(() => readFileSync(volume.path('b'))).toThrow('ENOENT');
    volume.replace({ a: '3', b: '3' });
    expect(readFileSync(volume.path('b'), 'utf8')).toBe('3');
  });
});

describe('the log of the server', () => {
  it('is counted, and holds nothing that a request cannot explain', async () => {
    const findings = new Findings();
    const lines = [
      '{"level":"info","msg":"configuration loaded"}',
      '{"level":"error","msg":"configuration change refused: mesh"}',
      '{"level":"error","msg":"serving certificate not replaced: no"}',
      '{"level":"error","reason":"read-error","msg":"unexpected EOF"}',
      '{"level":"fatal","msg":"unexpected error, please report it"}',
      '(node:1) MaxListenersExceededWarning: Possible EventEmitter memory leak detected',
    ];
    const stream = Readable.from(lines.map((line) => `${line}\n`));
    const counts = watchLog(stream, findings);
    await expect.poll(() => counts.lines).toBe(lines.length);
    expect(counts).toEqual({
      lines: 6,
      configurationsTaken: 1,
      configurationsRefused: 1,
      certificatesTaken: 0,
      certificatesRefused: 1,
    });
    expect(findings.report()['server-error']?.examples).toEqual(lines.slice(4));
  });
});

describe('minutes', () => {
  it('hold what happened since the last one', () => {
    const minutes = new Minutes();
    const counts = { good: 3, bad: 1 };
    for (const latency of [1, 2, 3]) minutes.request(latency);
    minutes.memory({ seconds: 1, rssMb: 100 });
    minutes.memory({ seconds: 2, rssMb: 120 });
    expect(minutes.end(counts, counts, 0)).toMatchObject({
      requests: 3,
      p50ms: 2,
      maxMs: 3,
      rssLeastMb: 100,
      rssMostMb: 120,
    });
    expect(minutes.end(counts, counts, 2)).toMatchObject({ minute: 2, requests: 0, configurations: 4, findings: 2 });
  });
});

describe('chance', () => {
  it('is the same for the same seed', () => {
    const draw = (seed: number): number[] => {
      const random = new Random(seed);
      return Array.from({ length: 20 }, () => random.next());
    };
    expect(draw(3)).toEqual(draw(3));
    expect(draw(3)).not.toEqual(draw(4));
    expect(new Random(1).sample([1, 2, 3], 5).sort()).toEqual([1, 2, 3]);
  });
});
