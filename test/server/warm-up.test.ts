import { describe, expect, it } from 'vitest';
import { createInjector } from '../../src/injection/index.ts';
import { createLogger } from '../../src/server/logger.ts';
import { warmUp } from '../../src/server/warm-up.ts';
import resources from '../../src/server/warm-up-resources.json' with { type: 'json' };
import { validate } from '../../src/validation/validate.ts';
import { recorder } from './support/fixtures.ts';

const injector = createInjector({ config: 'policy: enabled\ntemplates: {}\n', values: '{}' });

describe('the warm-up', () => {
  it('says nothing when it works', async () => {
    const log = recorder();
    warmUp(injector, await createLogger(log));
    expect(log.text()).toBe('');
  });

  it.each(resources.map((object) => [object.kind, object] as const))(
    'knows a %s that goes all the way through its checks',
    (_kind, object) => {
      expect(validate({ operation: 'CREATE', object })).toEqual({ allowed: true });
    },
  );

  it('does not keep a server from starting when its sample is missing', async () => {
    const log = recorder();
    warmUp(injector, await createLogger(log), '/does/not/exist.json');
    expect(log.lines()).toEqual([
      expect.objectContaining({ level: 'warn', msg: 'serving without warm-up: the first requests will be slow' }),
    ]);
  });
});
