/** The short form of `npm run fuzz`: the same inputs each time, against a server in a process of its own. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileFiles, flagsOf } from '../../tools/fuzz/core.ts';
import { Findings } from '../../tools/fuzz/findings.ts';
import { canonicalInputs, configurationFiles, findOrigins, Inputs } from '../../tools/fuzz/inputs.ts';
import { fuzz } from '../../tools/fuzz/run.ts';
import { startFuzzed, type FuzzedServer } from '../../tools/fuzz/server.ts';

const files = configurationFiles();
const injector = compileFiles(files);
const origins = findOrigins(injector.configuration);

let server: FuzzedServer;
beforeAll(async () => {
  server = await startFuzzed(flagsOf(files), true);
});
afterAll(async () => {
  expect(await server.stop()).toBe('code 0');
});

describe('changed reviews', () => {
  it.each([
    ['bytes', 0, 1500],
    ['structure', 1, 1000],
  ] as const)(
    'whose %s are changed are answered as by the core, again and again, and hurt nobody',
    async (kind, structureShare, inputs) => {
      const findings = new Findings();
      const counts = await fuzz(server, injector, new Inputs(20_261_121, origins, structureShare), {
        first: 0,
        inputs,
        seconds: 120,
        connections: 4,
        compareEvery: 1,
        findings,
        canonical: canonicalInputs(origins),
      });
      expect(findings.examples).toEqual([]);
      expect(counts).toMatchObject({ [kind]: inputs, refused: 0 });
      // The changes are neither all fatal nor without effect.
      expect(counts.patched).toBeGreaterThan(inputs / 20);
      expect(counts.denied).toBeGreaterThan(inputs / 20);
    },
  );
});
