import type { SourceText } from '../configuration/index.ts';

/** How often files are read at most; who changes them for longer makes another change be noticed. */
const attempts = 5;

type Reading<Sources> = { readonly sources: Sources } | { readonly error: unknown };

/**
 * Reads files that may be exchanged meanwhile, as the kubelet does with mounted ConfigMaps: until two readings are the
 * same. One alone can be a mix of old and new files, or miss a file.
 * @throws what `read` throws twice in a row, or an error when the files never rest
 */
export function readWhole<Sources extends readonly SourceText[]>(read: () => Sources): Sources {
  let last = attempt(read);
  for (let count = 1; count < attempts; count += 1) {
    const next = attempt(read);
    if (isSame(next, last)) {
      if ('error' in next) throw next.error;
      return next.sources;
    }
    last = next;
  }
  if ('error' in last) throw last.error;
  throw new Error('the files changed while they were read');
}

function attempt<Sources>(read: () => Sources): Reading<Sources> {
  try {
    return { sources: read() };
  } catch (error) {
    return { error };
  }
}

function isSame<Sources extends readonly SourceText[]>(a: Reading<Sources>, b: Reading<Sources>): boolean {
  if ('error' in a || 'error' in b) return 'error' in a && 'error' in b && String(a.error) === String(b.error);
  return sameSources(a.sources, b.sources);
}

/** Whether files and their texts are the same. */
export function sameSources(a: readonly SourceText[], b: readonly SourceText[] | undefined): boolean {
  return (
    a.length === b?.length && a.every(({ file, text }, index) => file === b[index]?.file && text === b[index].text)
  );
}
