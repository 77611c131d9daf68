/** The core in this process, with the configuration and the surroundings of a server. */
import { bodyText } from '../../src/admission/index.ts';
import { injectorFor, type Injector } from '../../src/injection/index.ts';
import { compileTexts, readConfigurationTexts } from '../../src/server/configuration-files.ts';
import { createTasks, type TaskName } from '../../src/server/isolation/tasks.ts';
import { resolveTarget } from '../../src/server/request-path.ts';
import { templateContext } from '../../src/server/template-context.ts';
import type { Input } from './inputs.ts';

/** Environment of the server: nothing of the machine. */
export const environment: Readonly<Record<string, string>> = {};

/** The files of a configuration; what is not given is built in. */
export interface ConfigurationFiles {
  readonly injectConfig?: string;
  readonly injectValues?: string;
  readonly meshConfig?: string;
}

/** The flags that give a server these files. */
export function flagsOf({ injectConfig, injectValues, meshConfig }: ConfigurationFiles): string[] {
  return [
    ...(injectConfig === undefined ? [] : ['--inject-config', injectConfig]),
    ...(injectValues === undefined ? [] : ['--inject-values', injectValues]),
    ...(meshConfig === undefined ? [] : ['--mesh-config', meshConfig]),
  ];
}

/** Compiles files as the server does. Throws a `ConfigurationError`, and anything else is a bug. */
export function compileFiles(files: ConfigurationFiles): Injector {
  const options = { ...files, objects: [], revision: 'default', clusterId: 'Kubernetes' };
  const configuration = compileTexts(readConfigurationTexts(options), options, environment);
  return injectorFor(configuration, templateContext(environment));
}

/** The bytes that the core answers with when it remembers nothing of what it was asked before. */
export function answerOf(injector: Injector, { target, body }: Pick<Input, 'target' | 'body'>): Buffer {
  const resolved = resolveTarget(target);
  if (resolved.kind !== 'route' || resolved.name === 'ready' || resolved.name === 'config')
    throw new Error(`no webhook at ${target}`);
  const task: TaskName = resolved.name;
  const fresh = injectorFor(injector.configuration, injector.context);
  return Buffer.from(createTasks()[task]({ injector: fresh }, bodyText(body), resolved.path).text);
}
