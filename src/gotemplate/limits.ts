/**
 * Bounds on the work one template may cause. Go has almost none of them; a template there can fill the memory or never end.
 * Each number is far above what the injection templates need (the largest is 30 KB of source, 600 nodes, 5 levels deep, 15 KB of output)
 * and low enough that the worst case ends in well under a second or a few hundred megabytes.
 */

/** UTF-16 units of template source. A ConfigMap, where templates are stored, holds at most 1 MiB. */
export const MAX_SOURCE_LENGTH = 1 << 20;

/**
 * Nested actions plus nested parentheses while parsing. One level costs the parser, the compiler and the execution at most five JavaScript
 * frames each; the default stack holds about 10,000 frames and the caller needs some. Go allows 10,000 parentheses.
 */
export const MAX_NESTING = 500;

/**
 * Nesting of active templates while executing, each counted with the depth of its own body, in the same unit and for the same
 * reason as MAX_NESTING. Go allows 100,000 calls.
 */
export const MAX_CALL_DEPTH = 1000;

/** Nodes walked and functions called by one execution, and what the calls work on: about a second at 5 million steps a second. */
export const MAX_STEPS = 5_000_000;

/** Steps after which an execution tells its surroundings how far it has come: about a millisecond. */
export const STEPS_PER_REPORT = 4096;

/** Characters or list elements that a function goes through in about the time of one step. */
export const ITEMS_PER_STEP = 64;

/** UTF-16 units of rendered output. The API server refuses objects above 1.5 MiB (etcd's limit), so nothing larger is of use. */
export const MAX_OUTPUT_LENGTH = 16 << 20;
