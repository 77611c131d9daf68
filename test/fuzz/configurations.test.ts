/** Changed templates, values and mesh configurations. */
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../src/configuration/index.ts';
import { createInjector } from '../../src/injection/index.ts';
import { builtInConfig, builtInMesh, builtInValues } from '../../src/server/built-in-configuration.ts';
import { fuzzConfigurations } from '../../tools/fuzz/configurations.ts';
import { compileFiles } from '../../tools/fuzz/core.ts';
import { Findings } from '../../tools/fuzz/findings.ts';
import { configurationFiles, findOrigins } from '../../tools/fuzz/inputs.ts';
import { mutateBytes } from '../../tools/fuzz/mutate-bytes.ts';
import { Random } from '../../tools/soak/random.ts';

const texts = { config: builtInConfig().text, values: builtInValues().text, mesh: builtInMesh().text };
const review = readFileSync(new URL('../../examples/review.json', import.meta.url), 'utf8');

describe('a changed configuration', () => {
  it('is refused with a reason, or answers pods', () => {
    const bodies = Object.values(texts).map((text) => Buffer.from(text));
    const name = fc.constantFrom('config', 'values', 'mesh');
    fc.assert(
      fc.property(name, fc.nat(), (which, seed) => {
        const changed = mutateBytes(Buffer.from(texts[which]), new Random(seed), bodies).toString();
        try {
          const { text } = createInjector({ ...texts, [which]: changed }).answer(review, '/inject');
          expect(JSON.parse(text)).toMatchObject({ response: { uid: expect.any(String) as string } });
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigurationError);
          expect((error as ConfigurationError).message).not.toBe('');
        }
      }),
      { seed: 8, numRuns: 400 },
    );
  });

  it('is taken or refused by a running server as by the core, and the last good one answers meanwhile', async () => {
    const files = configurationFiles();
    const origins = findOrigins(compileFiles(files).configuration);
    const findings = new Findings();
    const counts = await fuzzConfigurations(files, origins, { seed: 5, count: 12, findings, fromSource: true });
    expect(findings.examples).toEqual([]);
    expect(counts.taken).toBeGreaterThan(0);
    expect(counts.refused).toBeGreaterThan(0);
  });
});
