/** Telemetry: metrics, tracing and access logs of workloads. */
import type {
  AccessLogging,
  Metrics,
  MetricsOverrides,
  ProviderRef,
  TelemetryTracing,
  TelemetryTracing_CustomTag,
} from '../../protobuf/istio-types.ts';
import { defineKind } from '../kind.ts';
import { specPath } from '../path.ts';
import type { FieldPath } from '../path.ts';
import { problem } from '../result.ts';
import type { Result } from '../result.ts';
import { celSyntaxIssue } from '../rules/cel-syntax.ts';
import { checkPolicyTargets } from '../rules/target-references.ts';

export const telemetry = defineKind({
  group: 'telemetry.istio.io',
  kind: 'Telemetry',
  message: 'istio.telemetry.v1alpha1.Telemetry',
  validate(spec, _metadata, result) {
    checkPolicyTargets(result, specPath, spec);
    spec.metrics.forEach((entry, index) => {
      checkMetrics(result, specPath.at('metrics').at(index), entry);
    });
    checkTracing(result, specPath.at('tracing'), spec.tracing);
    spec.accessLogging.forEach((entry, index) => {
      checkAccessLogging(result, specPath.at('accessLogging').at(index), entry);
    });
  },
});

function checkProviders(result: Result, path: FieldPath, providers: readonly ProviderRef[]): void {
  const unnamed = providers.findIndex(({ name }) => name === '');
  if (unnamed < 0) return;
  result.error(path.at(unnamed).at('name'), problem('provider-name', 'providers.name may not be empty'));
}

function checkMetrics(result: Result, path: FieldPath, metrics: Metrics): void {
  checkProviders(result, path.at('providers'), metrics.providers);
  metrics.overrides.forEach((override, index) => {
    checkOverride(result, path.at('overrides').at(index), override);
  });
}

function checkOverride(result: Result, path: FieldPath, { tagOverrides, match }: MetricsOverrides): void {
  for (const [tag, { operation, value }] of Object.entries(tagOverrides)) {
    const place = path.at('tagOverrides').entry(tag);
    if (tag === '') result.warn(place, problem('tag-name', 'tagOverrides.name may not be empty'));
    if (operation === 'UPSERT' && value === '') {
      const message = 'tagOverrides.value must be set when operation is UPSERT';
      result.error(place.at('value'), problem('tag-override-value', message));
    }
    if (operation === 'REMOVE' && value !== '') {
      const message = 'tagOverrides.value may only be set when operation is UPSERT';
      result.error(place.at('value'), problem('tag-override-value', message));
    }
  }
  if (match?.customMetric === '') {
    const place = path.at('match').at('customMetric');
    result.error(place, problem('custom-metric', 'customMetric may not be empty'));
  }
}

function checkTracing(result: Result, path: FieldPath, tracing: readonly TelemetryTracing[]): void {
  if (tracing.length > 1) {
    result.warn(path.at(1), problem('tracing-single', 'multiple tracing is not currently supported'));
  }
  tracing.forEach((entry, index) => {
    const place = path.at(index);
    checkProviders(result, place.at('providers'), entry.providers);
    if (entry.providers.length > 1) {
      const message = 'multiple providers is not currently supported';
      result.warn(place.at('providers').at(1), problem('tracing-single', message));
    }
    const percentage = entry.randomSamplingPercentage?.value ?? 0;
    if (percentage < 0 || percentage > 100) {
      const message = 'randomSamplingPercentage must be in range [0.0, 100.0]';
      result.error(place.at('randomSamplingPercentage'), problem('percent-range', message));
    }
    for (const [name, tag] of Object.entries(entry.customTags)) {
      const tagPlace = place.at('customTags').entry(name);
      if (name === '') result.error(tagPlace, problem('tag-name', 'tag name may not be empty'));
      checkCustomTag(result, tagPlace, tag);
    }
  });
}

function checkCustomTag(result: Result, path: FieldPath, tag: TelemetryTracing_CustomTag): void {
  if (tag.literal?.value === '') {
    const message = 'literal tag value may not be empty';
    result.error(path.at('literal').at('value'), problem('custom-tag', message));
  }
  if (tag.header?.name === '') {
    result.error(path.at('header').at('name'), problem('custom-tag', 'header tag name may not be empty'));
  }
  if (tag.environment?.name === '') {
    const message = 'environment tag name may not be empty';
    result.error(path.at('environment').at('name'), problem('custom-tag', message));
  }
}

function checkAccessLogging(result: Result, path: FieldPath, logging: AccessLogging): void {
  const issue = logging.filter === undefined ? undefined : celSyntaxIssue(logging.filter.expression);
  if (issue !== undefined) {
    const message = `must be a valid CEL expression, ${issue}`;
    result.error(path.at('filter').at('expression'), problem('cel-syntax', message));
  }
  checkProviders(result, path.at('providers'), logging.providers);
}
