import { findingKinds, type FindingKind } from './findings.ts';
import { settlingSeconds } from './memory.ts';
import { formatMinutes } from './minutes.ts';
import type { SoakReport } from './run.ts';

/** A soak for people. */
export function formatReport(report: SoakReport): string {
  const { requests, configurations, certificates, log } = report;
  const total = Object.values(requests).reduce((sum, count) => sum + count, 0);
  return [
    '',
    formatMinutes(report.minutes),
    '',
    `${total} requests in ${report.seconds.toFixed(0)} s: ${listed(requests)}`,
    `configurations: ${configurations.good} good and ${configurations.bad} bad ones given, ${log.configurationsTaken} taken, ${log.configurationsRefused} refused`,
    `certificates: ${certificates.good} good and ${certificates.bad} bad ones given, ${log.certificatesTaken} taken, ${log.certificatesRefused} refused`,
    memoryLine(report),
    ...Object.entries(report.findings).flatMap(([kind, { count, examples }]) => [
      `WRONG: ${count} × ${findingKinds[kind as FindingKind]}`,
      ...examples.map((example) => `    ${example}`),
    ]),
    report.ok ? 'nothing wrong' : `wrong with seed ${report.seed}`,
  ].join('\n');
}

const listed = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(', ');

function memoryLine({ memory }: SoakReport): string {
  if (memory === undefined) return `memory: not judged, which takes some minutes after the first ${settlingSeconds} s`;
  const { mbPerMinute, riseMb, medianMb, significance, grew } = memory;
  const slope = `${mbPerMinute.toFixed(2)} MB a minute, ${riseMb.toFixed(1)} MB in all of ${medianMb.toFixed(0)} MB`;
  return `memory after the third minute: ${grew ? 'grew' : 'did not grow'} (${slope}, ${significance.toFixed(1)} standard deviations)`;
}
