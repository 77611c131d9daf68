/**
 * How deep lists and maps may nest, aliases followed. Go stops at 10,000, which would exhaust the stack here;
 * a pod needs 14.
 */
export const MAX_DEPTH = 500;

/** The longest text that is decoded, in UTF-16 units: the body limit of the webhook (6 MiB) with room for escapes. */
export const MAX_TEXT_LENGTH = 16 * 1024 * 1024;

/**
 * Aliases may account for at most this part of the values made, by the number of values: 99 % up to 400,000, falling
 * evenly to 10 % at 4,000,000 (the rule of go.yaml.in/yaml/v2). The first 100 aliased values are free.
 */
export function allowedAliasRatio(values: number): number {
  const low = 400_000;
  const high = 4_000_000;
  if (values <= low) return 0.99;
  if (values >= high) return 0.1;
  return 0.99 - (0.89 * (values - low)) / (high - low);
}

export const FREE_ALIASED_VALUES = 100;
export const FREE_VALUES = 1000;
