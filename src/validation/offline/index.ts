/** Checks of files, without a cluster: `outrigger validate`. */
export { checkFile, unreadableFile } from './check-file.ts';
export type { FileFinding, FileReport } from './check-file.ts';
export type { OfflineOptions } from './check-resource.ts';
export { locate, locateAll } from './positions.ts';
export type { LocatedFinding, Position } from './positions.ts';
export { sarifLog, toSarif } from './report-sarif.ts';
export type { SarifResult, SarifRule } from './report-sarif.ts';
export { toRecords } from './report-json.ts';
export type { FindingRecord } from './report-json.ts';
export { markedLine, renderExcerpt } from './report-excerpt.ts';
export { renderReports, stdinName } from './report-text.ts';
export type { ReportText } from './report-text.ts';
