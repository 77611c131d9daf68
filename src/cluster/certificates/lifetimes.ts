import type { Lifetimes } from './rotation.ts';

const day = 24 * 60 * 60 * 1000;

/** How long certificates of our own last where no flag says otherwise, in milliseconds: 10 years and 90 days. */
export const defaultLifetimes: Lifetimes = { ca: 3650 * day, certificate: 90 * day };
