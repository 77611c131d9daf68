/** Findings and plans as people read them. */
import pc from 'picocolors';
import type { Finding, Level, Removal } from '../../doctor/index.ts';
import type { Screen } from '../../server/terminal.ts';

type Colors = ReturnType<typeof pc.createColors>;

export function colorsOf(screen: Screen): Colors {
  return pc.createColors(screen.isTTY === true && pc.isColorSupported);
}

/** A table: level, object, what is wrong, and below it what to do. */
export function findingsTable(findings: readonly Finding[], colors: Colors): string {
  const paint: Record<Level, (text: string) => string> = {
    error: colors.red,
    warning: colors.yellow,
    info: colors.cyan,
  };
  const width = Math.max('OBJECT'.length, ...findings.map(({ object }) => object.length));
  const header = colors.bold(`${'LEVEL'.padEnd(9)}${'OBJECT'.padEnd(width + 2)}FINDING`);
  const rows = findings.flatMap(({ level, object, message, remedy }) => [
    `${paint[level](level.padEnd(9))}${object.padEnd(width + 2)}${message}`,
    `${' '.repeat(width + 11)}${colors.dim(`→ ${remedy}`)}`,
  ]);
  return findings.length === 0 ? '' : `${[header, ...rows].join('\n')}\n`;
}

/** How many findings of each level there are. */
export function summaryOf(findings: readonly Finding[]): string {
  const count = (level: Level): number => findings.filter((one) => one.level === level).length;
  const amount = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
  return `${amount(count('error'), 'error')}, ${amount(count('warning'), 'warning')}, ${amount(count('info'), 'note')}`;
}

/** The steps with their commands, after what would change. */
export function removalText({ dependents, steps }: Removal, colors: Colors): string {
  const lines: string[] = [];
  lines.push(colors.bold('What depends on it'));
  for (const { object, message } of dependents) lines.push(`  ${colors.yellow(object)} ${message}`);
  if (dependents.length === 0) lines.push('  nothing that can be seen');
  for (const [index, { title, reason, commands }] of steps.entries()) {
    lines.push('', colors.bold(`${index + 1}. ${title}`), `   ${colors.dim(reason)}`);
    for (const command of commands) lines.push(`   ${command}`);
  }
  if (steps.length === 0) lines.push('', 'Nothing of this installation was found.');
  return `${lines.join('\n')}\n`;
}
