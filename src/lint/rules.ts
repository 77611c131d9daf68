/**
 * The rules of lint. An error says that the configuration is refused, that pods cannot be injected, or that pods come out which
 * Kubernetes refuses; everything else is a warning or worth knowing.
 */
import type { Level } from './finding.ts';

/** A rule. */
export interface Rule {
  readonly level: Level;
  /** What it finds. */
  readonly what: string;
  /** Why that matters. */
  readonly why: string;
  /** What to do, where a finding does not know better. */
  readonly fix: string;
}

const rule = (level: Level, what: string, why: string, fix: string): Rule => ({ level, what, why, fix });

/** All rules by their id; ids are part of the interface: they stand in comments, reports and SARIF. */
export const rules = {
  // The texts.
  'config-unreadable': rule(
    'error',
    'The config document cannot be read: its YAML is wrong, or a key has the wrong type.',
    'The configuration is refused as a whole; a control plane that starts with it does not come up.',
    'Correct the document; the message names the place.',
  ),
  'values-unreadable': rule(
    'error',
    'The values document cannot be read, or one of the values that Istio knows has the wrong type.',
    'The configuration is refused; Istio itself then renders the new templates with the old values.',
    'Write the value in the type that the message names.',
  ),
  'mesh-unreadable': rule(
    'error',
    'The mesh configuration cannot be read, or is not valid.',
    'The configuration is refused as a whole.',
    'Correct the field that the message names.',
  ),
  'unknown-key': rule(
    'warning',
    'The config document has a key that the injector does not know.',
    'The key is ignored.',
    'Remove the key, or correct its name.',
  ),
  'unknown-mesh-field': rule(
    'warning',
    'The mesh configuration has a field that MeshConfig or ProxyConfig does not have.',
    'The field is ignored.',
    'Remove the field, or correct its name.',
  ),
  'mesh-warning': rule(
    'warning',
    'A setting of the mesh is accepted but deserves a look.',
    'It does not do what it says.',
    'Follow the message.',
  ),
  'deprecated-mesh-field': rule(
    'warning',
    'The mesh configuration uses a field that Istio has deprecated.',
    'It has no effect any more, or will have none.',
    'Remove the field, or use what replaces it.',
  ),
  'policy-unknown': rule(
    'warning',
    'The policy is neither `enabled` nor `disabled`.',
    'No pod is injected at all, whatever its labels say.',
    'Write `policy: enabled` or `policy: disabled`.',
  ),
  'selector-invalid': rule(
    'warning',
    'A selector of neverInjectSelector or alwaysInjectSelector is not valid, or selects nothing.',
    'The selector is skipped.',
    'Correct the selector; it is a Kubernetes LabelSelector.',
  ),
  'templates-empty': rule(
    'warning',
    'There is no template at all.',
    'Every pod that is to be injected is refused.',
    'Put at least the default template under `templates`.',
  ),
  'missing-default-template': rule(
    'error',
    'defaultTemplates names a template or alias that does not exist.',
    'Every pod that does not ask for templates itself is refused.',
    'Add the template, or correct its name.',
  ),
  'missing-alias-template': rule(
    'warning',
    'An alias names a template that does not exist. Aliases are expanded once: an alias in an alias is taken for a template.',
    'Pods that ask for the alias are refused.',
    'Write the names of templates in the alias.',
  ),
  'duplicate-key': rule(
    'warning',
    'A key stands twice in the same map.',
    'The last one counts and the others are silently dropped.',
    'Remove all but one of them.',
  ),

  // The text of templates.
  'template-syntax': rule(
    'error',
    'A template cannot be parsed.',
    'The configuration is refused as a whole.',
    'Correct the action; every `if`, `with`, `range`, `define` and `block` needs its own `end`.',
  ),
  'unknown-function': rule(
    'error',
    'A template calls a function that does not exist.',
    'The configuration is refused as a whole.',
    'Use one of the functions of Go templates, sprig or Istio.',
  ),
  'unknown-field': rule(
    'warning',
    'A template reads a field that the template data does not have.',
    'Where it is reached, injection fails.',
    'Use a field of the template data.',
  ),
  'unknown-template': rule(
    'warning',
    'A template calls a `define` that does not exist in it. Each injection template has its own definitions.',
    'Where it is reached, injection fails.',
    'Define it in the same template, or correct the name.',
  ),
  'unknown-value': rule(
    'warning',
    'A template reads a value that the values document does not have, and nothing looks whether it is there.',
    'The text `<no value>` is written, or a function gets nothing.',
    'Correct the path, add the value, or read it with `default`, `if` or `with`.',
  ),
  nondeterministic: rule(
    'warning',
    'A template uses the time, chance, the environment, or maps in the order of Go.',
    'The same pod comes out different each time; pods look out of date that are not.',
    'Take the value from the values document, or sort what has no order.',
  ),

  // What templates write.
  'execution-fails': rule(
    'error',
    'A template fails while it is executed for a pod.',
    'Pods like this one are refused.',
    'Make the expression hold for this pod: look with `if`, `with` or `default` first.',
  ),
  'rendered-yaml': rule(
    'error',
    'What a template writes is not YAML of a map.',
    'Pods like this one are refused.',
    'Check indentation and quotes where the message points.',
  ),
  'merge-fails': rule(
    'error',
    'What a template writes cannot be merged into the pod: a field has the wrong type, or a list element lacks its key.',
    'Pods like this one are refused.',
    'Write the field in its type; quote text that YAML takes for something else.',
  ),
  'invalid-pod': rule(
    'error',
    'The injected pod is one that Kubernetes refuses.',
    'Pods like this one cannot be created.',
    'Correct what the template writes there.',
  ),
  'injection-fails': rule(
    'error',
    'A pod of the canary set cannot be injected.',
    'Pods like this one are refused.',
    'Follow the message.',
  ),
  'reinjection-fails': rule(
    'error',
    'An injected pod cannot be injected again.',
    'With reinvocation, or when a pod is created from the dump of another one, it is refused.',
    'Make the template hold for pods that have its containers and volumes already.',
  ),
  'long-label': rule(
    'warning',
    'A template makes a label of a name without cutting it to the 63 characters that Kubernetes allows.',
    'Pods of workloads with long names are refused.',
    'Cut it with `| trunc 63 | trimSuffix "-"`.',
  ),
  'annotation-without-container': rule(
    'warning',
    'injectedAnnotations names a container that not all injected pods have.',
    'Kubernetes refuses pods with such an annotation and without the container.',
    'Set the security of the container in the template instead.',
  ),
  'pod-conflict': rule(
    'warning',
    'Settings of a pod and what the templates write do not go together, and do not with the built-in templates either.',
    'Pods with such settings are refused.',
    'Change the pod, or what the templates write, where there are such pods.',
  ),
  'refused-annotation': rule(
    'warning',
    'Pods with an annotation or label that only the template knows fail with every value that was tried.',
    'Who sets it gets no pod.',
    'Make the template hold for any value, or say which ones it takes.',
  ),
  'optional-template': rule(
    'warning',
    'A template that pods must ask for fails, or makes a pod that Kubernetes refuses, for some pods that could ask for it.',
    'Pods like this one must not ask for the template.',
    'Make it hold for all pods, or say which pods may ask for it.',
  ),
  'pod-stub': rule(
    'warning',
    'The result is incomplete on purpose: a container with nothing but a name, or lists that are set to null.',
    'Kubernetes refuses the pod unless something else completes it.',
    'Complete the container, or use the template together with others.',
  ),
  'unknown-pod-field': rule(
    'warning',
    'A template writes a field that pods do not have at this place.',
    'The field is silently dropped.',
    'Correct the name, or the indentation: `nindent` and `indent` count columns of the rendered text.',
  ),
  'extra-document': rule(
    'warning',
    'What a template writes has several YAML documents.',
    'All but the first one are ignored.',
    'Put everything into one document.',
  ),
  'no-value': rule(
    'warning',
    'A template writes `<no value>` or `<nil>`.',
    'An expression found nothing; the text ends up in the pod.',
    'Correct the path, or read it with `default`, `if` or `with`.',
  ),
  'yaml-scalar': rule(
    'warning',
    'YAML 1.1 reads an unquoted text as something else: `on` and `yes` are true, `1.30` is 1.3, `010` is 8, `1_000` is 1000.',
    'The value that arrives is another one than the one that is written.',
    'Put it in quotes.',
  ),
  'unquoted-value': rule(
    'info',
    'A template writes text from values, annotations or labels into a text field without quotes.',
    'A value such as `true`, `1.30` or `a: b` breaks the pod or changes its meaning.',
    'Write it with `| quote`.',
  ),

  // What comes out.
  'not-idempotent': rule(
    'warning',
    'Injecting an injected pod again changes it.',
    'With reinvocation, or when a pod is created from the dump of another one, settings pile up.',
    'Ask with `if` whether what is added is there, and do not build on what the template writes.',
  ),
  'missing-resources': rule(
    'warning',
    'An injected container has no requests or no limits.',
    'The scheduler does not count it, or it can starve the node; quotas may refuse the pod.',
    'Set requests and limits of CPU and memory.',
  ),
  'image-tag': rule(
    'warning',
    'The image of an injected container has no tag, or the tag `latest`.',
    'Which version runs depends on the day and the node.',
    'Name a version, or a digest.',
  ),
  privileged: rule(
    'warning',
    'A container that runs beside the application is privileged, or may do NET_ADMIN, NET_RAW or SYS_ADMIN.',
    'Who takes over the proxy takes over the network of the pod, or the node.',
    'Leave such rights to the init container, or use the CNI plugin.',
  ),

  // Values.
  'unread-value': rule(
    'info',
    'Nothing reads a value: no template, and neither the injector nor Istio knows it.',
    'It has no effect; often its name is misspelt.',
    'Remove it, or correct its name.',
  ),

  // Comments.
  'unknown-suppression': rule(
    'warning',
    'A comment suppresses a rule that does not exist.',
    'It has no effect.',
    'Correct the name of the rule.',
  ),
  'unused-suppression': rule(
    'warning',
    'A comment suppresses a rule that finds nothing there.',
    'It hides what comes later.',
    'Remove the comment.',
  ),
} as const satisfies Readonly<Record<string, Rule>>;

/** Id of a rule. */
export type RuleId = keyof typeof rules;

export function isRuleId(id: string): id is RuleId {
  return Object.hasOwn(rules, id);
}
