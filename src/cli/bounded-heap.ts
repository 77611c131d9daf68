/** Keeping a server small: V8 and the C library let memory grow to several times what is alive, since it is assumed to be free. */

/** V8 flags of a server. They can only be given to a process at its start. */
const heapFlags = [
  // A quarter of the default, in MB. Two of these make the young generation, of which a request needs less than one MB: larger ones save no
  // CPU time. It holds for workers, too: with 2 or 4, a body of 5 MiB takes half as much CPU time again (41 ms instead of 28), with 16 no less.
  '--max-semi-space-size=8',
  // The old generation is collected when it has grown by so much of what was alive; by default it may become four times as large.
  '--heap-growing-percent=45',
  // V8 puts what a piece of code allocates into the old generation at once when much of it lived long before. Parts of earlier renderings do, and so
  // 11 KB of each request came to lie there, with all that it refers to, to be found dead by a full collection; without it 1 KB does.
  '--no-allocation-site-pretenuring',
] as const;

/**
 * Variables that glibc's `malloc` reads when a process starts; other C libraries know nothing of them. By default it has a pool for each of a
 * dozen threads, and comes to keep the more in them the larger the bodies were that lay there: 85 MB after fifteen minutes of large bodies and
 * changing configurations, still growing, most of it free.
 */
const allocatorVariables = {
  /** One pool for all threads. */
  MALLOC_ARENA_MAX: '1',
  /**
   * Free bytes at the end of the pool that are kept. Once this is given, another threshold stays at 128 KiB, too: what is longer, such as large
   * bodies and answers, has memory of its own, which goes back to the system with it. To touch new memory costs the event loop 3 ms for 5 MiB (12
   * instead of 9); with bodies in the pool, they left holes of up to 20 MB between what stays.
   */
  MALLOC_TRIM_THRESHOLD_: String(4 * 1024 * 1024),
} as const;

const nameOf = (flag: string): string => flag.replace(/^--(no-)?/, '').replace(/=.*/, '');

/**
 * Starts the program anew, in this process, with flags and variables that bound its memory; returns when it has them, or cannot be started
 * anew. What the user has given himself, on the command line, in `NODE_OPTIONS` or as a variable, stays as it is.
 */
export function boundHeap(): void {
  const given = `${process.execArgv.join(' ')} ${process.env['NODE_OPTIONS'] ?? ''}`;
  const missing = heapFlags.filter((flag) => !given.includes(nameOf(flag)));
  const isComplete = missing.length === 0 && Object.keys(allocatorVariables).every((name) => name in process.env);
  // A parent that talks to its child would lose the channel.
  if (isComplete || process.connected || process.execve === undefined) return;
  try {
    process.execve(process.execPath, [process.execPath, ...process.execArgv, ...missing, ...process.argv.slice(1)], {
      ...allocatorVariables,
      ...process.env,
    });
  } catch {
    // Not on this platform, or forbidden: it only takes more memory.
  }
}
