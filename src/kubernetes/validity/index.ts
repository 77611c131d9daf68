export { findPodErrors } from './pod.ts';
export type { PodError } from './report.ts';
