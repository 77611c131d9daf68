import { Command, Option } from 'commander';
import type { Terminal } from '../../server/terminal.ts';
import { addSetFlags, setForms, type SetFlags } from '../configuration-set.ts';
import { UsageError } from '../exit.ts';
import { collect, examples } from '../flags.ts';

/** Forms of the report. */
export const reportForms = ['text', 'json', 'junit', 'tap'] as const;

/** The flags of `test`. */
export interface TestFlags extends SetFlags {
  readonly configuration: string;
  readonly output: (typeof reportForms)[number];
  readonly only?: string;
  readonly tag?: readonly string[];
  readonly verbose: boolean;
  readonly update: boolean;
  readonly yes: boolean;
  readonly watch: boolean;
}

/** `outrigger test`: runs fixtures against the templates and values of a configuration. */
export function testCommand(terminal: Terminal): Command {
  const command = new Command('test')
    .description(
      'Test injection templates and values: fixtures say which pod meets which configuration, and what must come out.',
    )
    .argument('[files|folders...]', 'fixtures, and folders with files *.test.yaml (default: this folder)')
    .option('-c, --configuration <set>', `configuration that is tested: ${setForms}`, 'built-in')
    .addOption(new Option('-o, --output <form>', 'form of the report').choices(reportForms).default('text'))
    .option('--only <text>', 'run the cases with this in their name')
    .option('--tag <tag>', 'run the cases with this tag, or without it: !tag; may be repeated', collect)
    .option('-v, --verbose', 'name the cases that pass, too', false)
    .option('--update', 'write golden files; shows what changes first, and asks', false)
    .option('-y, --yes', 'with --update: do not ask', false)
    .option('-w, --watch', 'run again when fixtures, templates or values change', false);
  return addSetFlags(command)
    .addHelpText(
      'after',
      examples(
        'outrigger test fixtures/',
        'outrigger test fixtures/ -c rendered-chart.yaml -o junit > report.xml',
        'outrigger test fixtures/ -c config/ --watch',
        'outrigger test fixtures/limits.test.yaml --only "team a" --update',
      ),
    )
    .action((paths: string[], flags: TestFlags) => test(paths, flags, terminal));
}

async function test(paths: readonly string[], flags: TestFlags, terminal: Terminal): Promise<void> {
  if (flags.yes && !flags.update) throw new UsageError('--yes needs --update');
  if (flags.watch && flags.update) throw new UsageError('--watch and --update exclude each other');
  if (flags.watch && flags.output !== 'text') throw new UsageError('--watch has no other report than text');
  const given = paths.length === 0 ? ['.'] : paths;
  if (flags.watch) {
    const { watchFixtures } = await import('../fixtures/watch-fixtures.ts');
    await watchFixtures(given, flags, terminal);
    return;
  }
  const { testFixtures } = await import('../fixtures/test-fixtures.ts');
  await testFixtures(given, flags, terminal);
}
