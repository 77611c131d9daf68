/** What the guard says to whoever applies a change. */
import type { Examination, Problem, Sample } from './examination.ts';

/** The annotation of a ConfigMap that lets it pass, with the reason as its value. */
export const overrideAnnotation = 'outrigger.dev/guard-override';

/** Problems that are told in full. */
const MAX_TOLD = 5;

/** The message of a denial. */
export function denialOf({ problems }: Examination, hint?: string): string {
  const count = problems.length === 1 ? '' : ` (${problems.length} problems)`;
  return [
    `this change would break injection${count}`,
    ...problems.slice(0, MAX_TOLD).map(problemText),
    ...(problems.length > MAX_TOLD ? [`- and ${problems.length - MAX_TOLD} more`] : []),
    // A text that is wrong in itself is wrong with any other.
    ...(hint === undefined || problems.every(({ pod }) => pod === undefined) ? [] : [hint]),
    `To apply it all the same, annotate the ConfigMap with ${overrideAnnotation}: "<reason>".`,
  ].join('\n');
}

function problemText({ message, place, template, excerpt, pod }: Problem): string {
  const where = template === undefined ? place : `template ${template}${place === undefined ? '' : ` (${place})`}`;
  return [
    `- ${where === undefined ? '' : `${where}: `}${message}`,
    ...(excerpt === undefined || excerpt === '' ? [] : [`    ${excerpt}`]),
    ...(pod === undefined ? [] : [`  ${pod}`]),
  ].join('\n');
}

/** One line for each problem, where they do not stop the change. */
export function problemWarnings({ problems }: Examination): string[] {
  return problems.slice(0, MAX_TOLD).map((problem) => {
    const where = problem.template === undefined ? problem.place : `template ${problem.template}`;
    return `outrigger guard: this change breaks injection: ${where === undefined ? '' : `${where}: `}${problem.message}`;
  });
}

/** Kinds of fields that are named. */
const MAX_FIELDS = 6;

/** How many pods the change touches, as far as they were looked at. */
export function sampleWarning({ pods, changed, lost, gained, fields }: Sample): string | undefined {
  const parts = [
    ...(changed > 0 ? [`changes ${changed} of ${pods} pods sampled: ${fields.slice(0, MAX_FIELDS).join(', ')}`] : []),
    ...(lost > 0 ? [`${lost} of ${pods} would no longer be injected`] : []),
    ...(gained > 0 ? [`${gained} of ${pods} would be injected from now on`] : []),
  ];
  return parts.length === 0
    ? undefined
    : `outrigger guard: ${parts.join('; ')}; running pods stay as they are until they restart`;
}

/** That dumps and backups of pods may become useless, with one example. */
export function sentAgainWarning({ sentAgain: [first] = [] }: Examination): string | undefined {
  if (first === undefined) return undefined;
  return `outrigger guard: pods that are injected now would be refused if they were sent again, from a dump or a backup: ${first.message}`;
}

/** That few pods lose what made them valid, with one example. */
export function mendedWarning({ mended: [first] = [] }: Examination): string | undefined {
  if (first === undefined) return undefined;
  return `outrigger guard: pods that are valid only because of what is injected now would be refused: ${first.message}`;
}

export const outOfTimeWarning = (why: string): string =>
  `outrigger guard: not all of this change was checked: ${why}; check it with "outrigger lint"`;
