import { describe, expect, it } from 'vitest';
import type { SourceText } from '../../src/configuration/index.ts';
import { createLiveConfiguration } from '../../src/server/live-configuration.ts';

/** A configuration of two files whose snapshot is their texts joined; the text `bad` does not compile. */
function setUp(first: Record<string, string>) {
  const world = { files: first, log: [] as string[], time: 0 };
  const live = createLiveConfiguration({
    read: () =>
      Object.entries(world.files).map(([file, text]): SourceText => {
        if (text === 'unreadable') throw new Error(`cannot read ${file}`);
        return { file, text };
      }),
    compile: (sources) => {
      const bad = sources.find(({ text }) => text.startsWith('bad'));
      if (bad !== undefined) throw new Error(`${bad.file}:1:2: ${bad.text}`);
      return sources.map(({ text }) => text).join('+');
    },
    now: () => new Date((world.time += 1000)),
    onTaken: ({ generation }) => world.log.push(`taken ${generation}`),
    onRefused: (error) => world.log.push(`refused ${(error as Error).message}`),
    onRecovered: ({ generation }) => world.log.push(`recovered ${generation}`),
  });
  const change = (files: Record<string, string>): void => {
    world.files = files;
    live.reload();
  };
  return { live, world, change };
}

describe('the configuration in use', () => {
  it('is loaded once at start', () => {
    const { live, world } = setUp({ a: '1', b: '2' });
    expect(live.snapshot()).toBe('1+2');
    expect(live.state()).toEqual({ generation: 1, loadedAt: new Date(1000), files: ['a', 'b'] });
    expect(world.log).toEqual(['taken 1']);
  });

  it('fails the start when it is bad', () => {
    expect(() => setUp({ a: 'bad' })).toThrow('a:1:2: bad');
  });

  it('is replaced as a whole when a file changes', () => {
    const { live, change, world } = setUp({ a: '1', b: '2' });
    change({ a: '3', b: '4' });
    expect(live.snapshot()).toBe('3+4');
    expect(live.state()).toMatchObject({ generation: 2, loadedAt: new Date(2000) });
    expect(world.log).toEqual(['taken 1', 'taken 2']);
  });

  it('stays as it is when nothing changed', () => {
    const { change, world } = setUp({ a: '1' });
    change({ a: '1' });
    expect(world.log).toEqual(['taken 1']);
  });

  it('stays wholly when one file of the changed set is bad', () => {
    const { live, change, world } = setUp({ a: '1', b: '2' });
    change({ a: '3', b: 'bad' });
    expect(live.snapshot()).toBe('1+2');
    expect(live.state()).toMatchObject({ generation: 1, refused: { message: 'b:1:2: bad', at: new Date(2000) } });
    expect(world.log).toEqual(['taken 1', 'refused b:1:2: bad']);
  });

  it('is refused once for the same bad files, and again for other ones', () => {
    const { change, world } = setUp({ a: '1' });
    change({ a: 'bad' });
    change({ a: 'bad' });
    change({ a: 'bad too' });
    expect(world.log).toEqual(['taken 1', 'refused a:1:2: bad', 'refused a:1:2: bad too']);
  });

  it('recovers when the good files come back', () => {
    const { live, change, world } = setUp({ a: '1' });
    change({ a: 'bad' });
    change({ a: '1' });
    expect(live.state()).toEqual({ generation: 1, loadedAt: new Date(1000), files: ['a'] });
    change({ a: 'bad' });
    change({ a: '5' });
    expect(live.snapshot()).toBe('5');
    expect(live.state().refused).toBeUndefined();
    expect(world.log).toEqual(['taken 1', 'refused a:1:2: bad', 'recovered 1', 'refused a:1:2: bad', 'taken 2']);
  });

  it('stays while a file cannot be read', () => {
    const { live, change, world } = setUp({ a: '1' });
    change({ a: 'unreadable' });
    change({ a: 'unreadable' });
    expect(live.snapshot()).toBe('1');
    change({ a: '1' });
    expect(world.log).toEqual(['taken 1', 'refused cannot read a', 'recovered 1']);
  });
});
