import { describe, expect, it } from 'vitest';
import { celSyntaxIssue } from '../../src/validation/rules/cel-syntax.ts';

describe('CEL expressions that parse', () => {
  it.each([
    'response.code >= 400 && !has(request.headers.cookie)',
    'true ? 1 : 2',
    "'a' in ['a', 'b',]",
    '{"a": 1, "b": 2,}',
    '[,]',
    '{,}',
    'x.exists(y, y > 1) || x.map(y, y > 1, y * 2).size() == 1',
    'x.exists_one(y, y) || x.existsOne(y, y) || x.filter((y), y)',
    'has(a.b)',
    'has(has(a.b))',
    '.a.b.C{d: 1, e: 2}.f',
    'Empty{}',
    '--1 - -1 + -9223372036854775808',
    '!!a',
    '0x1F + 12u + 1.5e3 + .5 + 1.e',
    String.raw`"\a\n\?\x41\101\u0041\U0001F600" + 'q' + """a"b""" + r"\d" + b"\xff" + br'\u'`,
    '// a comment\n a // another',
    'a.for',
    'a.for(1)',
    '1\f+\t1',
  ])('takes %s', (expression) => {
    expect(celSyntaxIssue(expression)).toBeUndefined();
  });

  it('takes what is nested as deep as cel-go allows', () => {
    expect(celSyntaxIssue('('.repeat(249) + 'a' + ')'.repeat(249))).toBeUndefined();
    expect(celSyntaxIssue(Array.from({ length: 251 }, () => 'a').join('.'))).toBeUndefined();
    expect(celSyntaxIssue(Array.from({ length: 5000 }, () => 'a').join('&&'))).toBeUndefined();
  });
});

describe('CEL expressions that do not parse', () => {
  it.each([
    ['', '1:1'],
    ['a b', '1:3'],
    ['a +', '1:4'],
    ['a = b', '1:3'],
    ['"open', '1:1'],
    ['é', '1:1'],
    ['f(1,)', '1:5'],
    ['[1, 2', '1:6'],
    ['{1}', '1:3'],
    ['a ? b', '1:6'],
    ['a.in', '1:3'],
    ['!-a', '1:2'],
    ['(a).b{}', '1:6'],
    ['[?a]', '1:2'],
    ['a[?b]', '1:3'],
    ['a.?b', '1:3'],
    ['for', '1:1'],
    ['for(1)', '1:1'],
    ['9223372036854775808', '1:1'],
    ['18446744073709551616u', '1:1'],
    ['1e999', '1:1'],
    [String.raw`"\ud800"`, '1:1'],
    [String.raw`b"\u0041"`, '1:1'],
    ['x.map(1, 2)', '1:7'],
    ['x.all(__result__, true)', '1:7'],
    ['has(a)', '1:1'],
    ['a\n+ /', '2:3'],
  ])('refuses %s at %s', (expression, place) => {
    expect(celSyntaxIssue(expression)).toMatch(new RegExp(`^ERROR: <input>:${place}: .+\n \\| `));
  });

  it('points at the place with a caret', () => {
    expect(celSyntaxIssue('ab $')).toBe(
      "ERROR: <input>:1:4: Syntax error: token recognition error at: '$'\n | ab $\n | ...^",
    );
  });

  it('stops at the limits of cel-go instead of overflowing the stack', () => {
    expect(celSyntaxIssue('('.repeat(90_000))).toContain('recursion limit exceeded: 250');
    expect(celSyntaxIssue('-'.repeat(99_999))).toContain('Syntax error');
    expect(celSyntaxIssue(Array.from({ length: 252 }, () => 'a').join('.'))).toContain('recursion depth');
    expect(celSyntaxIssue('1+'.repeat(300) + '1')).toContain('recursion depth');
    expect(celSyntaxIssue('1==('.repeat(150) + '1' + ')'.repeat(150))).toContain('recursion limit');
    expect(celSyntaxIssue('a'.repeat(100_001))).toContain('size exceeds limit');
  });
});
