export { injectDocuments, type InjectedDocument } from './inject-documents.ts';
export { injectWorkload, type HandledWorkload, type ManualInjection } from './inject-workload.ts';
export { podSourceOf, withPodSource, type PodSource, type WorkloadObject } from './pod-source.ts';
export { DocumentSeparatorError, splitDocuments } from './split-documents.ts';
