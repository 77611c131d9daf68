import { describe, expect, it } from 'vitest';
import {
  checkCorsHeaderName,
  checkHeaderToChange,
  checkMatchHeaderName,
  checkProbeHeaderName,
  checkRequestHeaderToSet,
  checkStrictHeaderName,
  isAuthorityHeader,
} from '../../../src/validation/rules/header-names.ts';
import { checkHeaderValue } from '../../../src/validation/rules/header-values.ts';

describe('header names', () => {
  it.each(['x-user', 'a,b', ':path', '@request.auth.claims.sub', '@request.auth.claims[a]'])(
    '%s can be matched',
    (name) => {
      expect(checkMatchHeaderName(name)).toBeUndefined();
    },
  );

  it.each(['a b', ':Path', '@request.auth.claims', 'é'])('%s cannot be matched', (name) => {
    expect(checkMatchHeaderName(name)?.message).toBe(`header name ${name} is not a valid header name`);
  });

  it('are stricter elsewhere', () => {
    expect(checkCorsHeaderName('*')).toBeUndefined();
    expect(checkCorsHeaderName(':path')?.code).toBe('header-name');
    expect(checkStrictHeaderName('a_b')).toBeUndefined();
    expect(checkStrictHeaderName('a.b')?.code).toBe('header-name');
    expect(checkProbeHeaderName('a_b')?.code).toBe('header-name');
    expect(checkProbeHeaderName('a-b')).toBeUndefined();
  });

  it.each([
    checkMatchHeaderName,
    checkCorsHeaderName,
    checkStrictHeaderName,
    checkRequestHeaderToSet,
    checkHeaderToChange,
  ])('may not be empty', (check) => {
    expect(check('')?.message).toBe('header name cannot be empty');
  });

  it.each(['host', ':Authority', 'a b'])('%s can be set on requests', (name) => {
    expect(checkRequestHeaderToSet(name)).toBeUndefined();
  });

  it('cannot start with a colon', () => {
    expect(checkRequestHeaderToSet(':path')?.message).toBe('invalid header ":path": header cannot have ":" prefix');
    expect(checkHeaderToChange(':authority')?.message).toBe(
      'invalid header ":authority": header cannot have ":" prefix',
    );
  });

  it('cannot be host on responses', () => {
    expect(checkHeaderToChange('HOST')?.message).toBe('invalid header "HOST": cannot set Host header');
    expect(checkHeaderToChange('x')).toBeUndefined();
    expect(isAuthorityHeader('Host')).toBe(true);
  });
});

describe('header values', () => {
  it.each([
    '',
    'plain',
    'tab\there',
    '100%%',
    '%START_TIME%',
    '%REQ(X?Y)%',
    '%REQ(a\\)b)%',
    '%DYNAMIC_METADATA(["a", "b"])%',
    '%X( ["a" , "b\\"" ] ) %',
    '%REQ(a) % b',
  ])('%j is fine', (value) => {
    expect(checkHeaderValue(value)).toBeUndefined();
  });

  it('has no control characters', () => {
    expect(checkHeaderValue('a\u0001')?.message).toBe('header value configuration a\u0001 is invalid');
    expect(checkHeaderValue('a\u007f')?.message).toBe('header value configuration a\u007f is invalid');
  });

  it.each([
    ['100%', 'Un-escaped %'],
    ['%START_TIME%%', 'Un-escaped %'],
    ['%START_TIME', "Un-terminated variable expression '%START_TIME'"],
    ['%REQ(a', "Un-terminated variable expression '%REQ(a'"],
    ['%REQ(a\\', 'Un-terminated backslash in JSON string'],
    ['%REQ(X?Y):10%', "Expecting '%' or whitespace after"],
    ['%X([a', `Expecting '"'`],
    ['%X(["a"x', "Expecting ',', ']', or whitespace"],
    ['%X(["a"]x', "Expecting ')' or whitespace after '{}', but found '{}'"],
  ])('%j is refused', (value, error) => {
    expect(checkHeaderValue(value)?.message).toBe(`header value configuration: invalid header configuration. ${error}`);
  });
});
