/** The config document beside its templates: policy, selectors, names of templates. */
import { finding, type Finding } from '../finding.ts';
import { nearest, proposal } from '../nearest.ts';
import type { Subject } from '../subject.ts';

/** Keys of the document by their name in lower case; `template` is what the chart leaves for injectors of other versions. */
const knownKeys: ReadonlyMap<string, string> = new Map(
  [
    'policy',
    'defaultTemplates',
    'aliases',
    'templates',
    'template',
    'neverInjectSelector',
    'alwaysInjectSelector',
    'injectedAnnotations',
  ].map((key) => [key.toLowerCase(), key]),
);

export function* checkConfig(subject: Subject): Generator<Finding> {
  if (subject.fields === undefined) return;
  yield* unknownKeys(subject);
  yield* policy(subject);
  yield* selectors(subject);
  yield* templateNames(subject);
}

function* unknownKeys({ fields, config }: Subject): Generator<Finding> {
  for (const [lower, { key }] of fields ?? []) {
    if (knownKeys.has(lower)) continue;
    const fix = proposal(nearest(key, knownKeys.values()));
    yield finding('unknown-key', `the injector knows no key "${key}"`, config.placeOfPath([key], 'key'), fix);
  }
}

function* policy({ config, configuration, fields }: Subject): Generator<Finding> {
  if (configuration === undefined) return;
  const { policy: value } = configuration.injection;
  if (value === 'enabled' || value === 'disabled') return;
  const field = fields?.get('policy');
  const place = field === undefined ? config.whole : config.placeOfPath([field.key]);
  const message = field === undefined ? 'there is no policy: nothing is injected' : `policy "${value}" injects nothing`;
  yield finding('policy-unknown', message, place);
}

function* selectors({ config, configuration }: Subject): Generator<Finding> {
  if (configuration === undefined) return;
  const { neverInject, alwaysInject } = configuration.injection;
  const lists = { neverInjectSelector: neverInject, alwaysInjectSelector: alwaysInject };
  for (const [key, rules] of Object.entries(lists)) {
    for (const [index, { problem, text }] of rules.entries()) {
      const message = problem ?? (text === '{}' ? 'an empty selector selects nothing here' : undefined);
      if (message === undefined) continue;
      yield finding('selector-invalid', `${key}[${index}]: ${message}`, config.placeOfPath([key, index]));
    }
  }
}

function* templateNames(subject: Subject): Generator<Finding> {
  const { config, configuration, fields } = subject;
  if (configuration === undefined) return;
  const { templates, aliases, defaultTemplates } = configuration.injection;
  if (templates.size === 0) {
    const key = fields?.get('templates')?.key;
    yield finding(
      'templates-empty',
      'there are no templates',
      key === undefined ? config.whole : config.placeOfPath([key], 'key'),
    );
  }
  const names = [...templates.keys()];
  const reached = new Set<string>();
  for (const [index, name] of defaultTemplates.entries()) {
    const isAlias = Object.hasOwn(aliases, name);
    if (isAlias) reached.add(name);
    const missing = (isAlias ? (aliases[name] ?? []) : [name]).filter((one) => !templates.has(one));
    for (const one of missing) {
      const message = isAlias
        ? `alias "${name}" names template "${one}", which does not exist`
        : `there is no template "${one}"`;
      const field = fields?.get('defaulttemplates');
      const place = field === undefined ? config.whole : config.placeOfPath([field.key, index]);
      yield finding(
        'missing-default-template',
        message,
        place,
        proposal(nearest(one, [...names, ...Object.keys(aliases)])),
      );
    }
  }
  for (const [alias, targets] of Object.entries(aliases)) {
    if (reached.has(alias)) continue;
    for (const [index, target] of targets.entries()) {
      if (templates.has(target)) continue;
      const isAlias = Object.hasOwn(aliases, target);
      const message = `alias "${alias}" names ${isAlias ? 'another alias' : 'a template that does not exist'}: "${target}"`;
      const place = config.placeOfPath(['aliases', alias, index]);
      yield finding('missing-alias-template', message, place, isAlias ? undefined : proposal(nearest(target, names)));
    }
  }
}
