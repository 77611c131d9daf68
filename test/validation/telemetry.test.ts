import { describe, expect, it } from 'vitest';
import { check } from './support/check.ts';

describe('Telemetry', () => {
  it('takes a full one', () => {
    const spec = {
      metrics: [
        {
          providers: [{ name: 'prometheus' }],
          overrides: [
            { match: { metric: 'REQUEST_COUNT' }, tagOverrides: { a: { value: 'x' }, b: { operation: 'REMOVE' } } },
            { match: { customMetric: 'm' } },
          ],
        },
      ],
      tracing: [
        {
          randomSamplingPercentage: 'NaN',
          customTags: { a: { literal: { value: 'x' } }, b: { formatter: {} }, c: {} },
        },
      ],
      accessLogging: [{ filter: { expression: 'response.code >= 400' } }],
    };
    expect(check('Telemetry', spec)).toEqual({ errors: [], warnings: [] });
  });

  it.each([
    [{ metrics: [{ providers: [{}, {}] }] }, 'spec.metrics[0].providers[0].name: providers.name may not be empty'],
    [
      { metrics: [{ overrides: [{ tagOverrides: { a: {} } }] }] },
      'spec.metrics[0].overrides[0].tagOverrides[a].value: tagOverrides.value must be set when operation is UPSERT',
    ],
    [
      { metrics: [{ overrides: [{ tagOverrides: { a: { operation: 'REMOVE', value: 'x' } } }] }] },
      'spec.metrics[0].overrides[0].tagOverrides[a].value: tagOverrides.value may only be set when operation is UPSERT',
    ],
    [
      { metrics: [{ overrides: [{ match: { customMetric: '' } }] }] },
      'spec.metrics[0].overrides[0].match.customMetric: customMetric may not be empty',
    ],
    [
      { tracing: [{ randomSamplingPercentage: 100.5 }] },
      'spec.tracing[0].randomSamplingPercentage: randomSamplingPercentage must be in range [0.0, 100.0]',
    ],
    [
      { tracing: [{ customTags: { '': { literal: { value: 'x' } } } }] },
      'spec.tracing[0].customTags[]: tag name may not be empty',
    ],
    [
      { tracing: [{ customTags: { a: { literal: {} } } }] },
      'spec.tracing[0].customTags[a].literal.value: literal tag value may not be empty',
    ],
    [
      { tracing: [{ customTags: { a: { header: {} } } }] },
      'spec.tracing[0].customTags[a].header.name: header tag name may not be empty',
    ],
    [
      { tracing: [{ customTags: { a: { environment: {} } } }] },
      'spec.tracing[0].customTags[a].environment.name: environment tag name may not be empty',
    ],
    [
      { accessLogging: [{ providers: [{}] }] },
      'spec.accessLogging[0].providers[0].name: providers.name may not be empty',
    ],
  ])('refuses %j', (spec, error) => {
    expect(check('Telemetry', spec).errors).toEqual([error]);
  });

  it('refuses a filter that is no CEL expression', () => {
    expect(check('Telemetry', { accessLogging: [{ filter: {} }] }).errors).toEqual([
      expect.stringMatching(
        /^spec\.accessLogging\[0\]\.filter\.expression: must be a valid CEL expression, ERROR: <input>:1:1: /,
      ),
    ]);
  });

  it('warns of what is not supported', () => {
    const spec = {
      metrics: [{ overrides: [{ tagOverrides: { '': { value: 'x' } } }] }],
      tracing: [{ providers: [{ name: 'a' }, { name: 'b' }] }, {}],
    };
    expect(check('Telemetry', spec)).toEqual({
      errors: [],
      warnings: [
        'spec.metrics[0].overrides[0].tagOverrides[]: tagOverrides.name may not be empty',
        'spec.tracing[1]: multiple tracing is not currently supported',
        'spec.tracing[0].providers[1]: multiple providers is not currently supported',
      ],
    });
  });
});
