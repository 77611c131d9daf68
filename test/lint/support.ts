/** Small configurations to lint: what is not given is a configuration in which nothing is found. */
import { readFeatures, type ConfigurationSet } from '../../src/configuration/index.ts';
import { lintConfiguration, type Finding, type LintOptions } from '../../src/lint/index.ts';

/** Stands before what a finding is about, in one of the texts. */
export const mark = '▸';

/** Texts of a configuration. */
export interface Texts {
  /** The whole config document; else it is made of the templates. */
  readonly config?: string;
  /** Text of the template `sidecar`. */
  readonly template?: string;
  /** Further templates. */
  readonly others?: Readonly<Record<string, string>>;
  readonly values?: string;
  readonly mesh?: string;
}

/** A container in which there is nothing to find. */
export const goodTemplate = `spec:
  containers:
  - name: istio-proxy
    image: proxy:1.2.3
    resources:
      requests: {cpu: 10m, memory: 10Mi}
      limits: {cpu: "1", memory: 1Gi}
`;

/** {@link goodTemplate} with more lines in its container. */
export const withFields = (...lines: readonly string[]): string =>
  goodTemplate + lines.map((line) => `    ${line}\n`).join('');

const indent = (text: string): string =>
  text
    .split('\n')
    .map((line) => (line === '' ? '' : `    ${line}`))
    .join('\n');

export function configOf({ template = goodTemplate, others = {} }: Texts): string {
  const templates = Object.entries({ sidecar: template, ...others });
  const blocks = templates.map(([name, text]) => `  ${name}: |\n${indent(text)}\n`);
  return `policy: enabled\ndefaultTemplates: [sidecar]\ntemplates:\n${blocks.join('')}`;
}

/** Where the mark stands. */
export interface Marked {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A set of the texts without their mark, and where it was. */
export function setOf(texts: Texts): { readonly set: ConfigurationSet; readonly marked: Marked | undefined } {
  const files = {
    'config.yaml': texts.config ?? configOf(texts),
    'values.yaml': texts.values ?? '{}',
    'mesh.yaml': texts.mesh ?? '{}',
  };
  let marked: Marked | undefined;
  const take = (file: keyof typeof files): { file: string; text: string } => {
    const [before = '', ...after] = files[file].split(mark);
    const lines = before.split('\n');
    if (after.length > 0) marked = { file, line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
    return { file, text: [before, ...after].join('') };
  };
  const set = {
    name: 'test',
    revision: 'default',
    config: take('config.yaml'),
    values: take('values.yaml'),
    mesh: [take('mesh.yaml')],
    objects: [],
  };
  return { set, marked };
}

export const plainOptions: LintOptions = { clusterId: 'Kubernetes', features: readFeatures({}).features };

/** Lints texts. */
export function lintTexts(texts: Texts, options: Partial<LintOptions> = {}): readonly Finding[] {
  return lintConfiguration(setOf(texts).set, { ...plainOptions, ...options });
}
