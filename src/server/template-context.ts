import { randomBytes } from 'node:crypto';
import type { FunctionContext } from '../gotemplate/index.ts';
import type { Variables } from '../configuration/index.ts';
import { spend } from './isolation/allowance.ts';

/** What templates may know of the world: the environment, the clock, random bytes, and that others are waiting. */
export function templateContext(environment: Variables): FunctionContext {
  const env: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of Object.entries(environment)) if (value !== undefined) env[name] = value;
  return {
    env,
    now: () => BigInt(Date.now()) * 1_000_000n,
    random: (count) => randomBytes(count),
    spend,
  };
}
