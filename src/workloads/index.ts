export { adviseOn, type Advice, type AdviceOptions } from './advice.ts';
export { answerWorkloadReview, type WorkloadAnswer } from './answer-review.ts';
export type { Adviser } from './applied-workload.ts';
export { warningCatalogue, type Warning, type WarningId, type WarningInfo, type WarningLevel } from './catalogue.ts';
export { generatedPart, kindsWithPods, podOfWorkload, type WorkloadPod } from './pod-of-workload.ts';
