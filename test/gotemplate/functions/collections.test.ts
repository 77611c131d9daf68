import { describe, expect, it } from 'vitest';
import { fails, failure, prints, render } from './support.ts';

const NIL = 'runtime error: invalid memory address or nil pointer dereference';

describe('lists', () => {
  it.each([
    ['list 1 "a" nil', '[1 a <nil>]'],
    ['tuple 1 2', '[1 2]'],
    ['first (list 1 2)', '1'],
    ['mustFirst (list)', '<no value>'],
    ['last (splitList "," "a,b")', 'b'],
    ['rest (list 1 2 3)', '[2 3]'],
    ['toJson (rest (list))', 'null'],
    ['initial (list 1 2 3)', '[1 2]'],
    ['toJson (initial (list))', 'null'],
    ['append (list 1) 2', '[1 2]'],
    ['push (until 2) "x"', '[0 1 x]'],
    ['prepend (list 1) 0', '[0 1]'],
    ['concat (list 1) (until 1) (list)', '[1 0]'],
    ['toJson (concat)', 'null'],
    ['reverse (list 1 2 3)', '[3 2 1]'],
    ['uniq (list 1 1 1.0 "1" nil nil (list 1) (list 1) (dict "a" 1) (dict "a" 1))', '[1 1 1 <nil> [1] map[a:1]]'],
    ['without (list 1 2 3) 1 3.0', '[2 3]'],
    ['has 4 (list 1 4)', 'true'],
    ['has "a" (splitList "," "b,a")', 'true'],
    ['has (list 1) (list (list 1))', 'true'],
    ['has 1 nil', 'false'],
    ['compact (list 0 1 "" "a" nil false (list))', '[1 a]'],
    ['slice (list 1 2 3)', '[1 2 3]'],
    ['slice (list 1 2 3) 1', '[2 3]'],
    ['slice (until 5) 1 3 | typeOf', '[]int'],
    ['slice (list) 5', '<no value>'],
    ['chunk 2 (list 1 2 3)', '[[1 2] [3]]'],
    ['chunk 3 (list 1 2 3)', '[[1 2 3]]'],
    ['chunk 2 (list)', '[]'],
    ['chunk -5 (list 1 2)', '[]'],
    ['chunk -5 (list 1)', '[[1]]'],
    ['typeOf (chunk 2 (list 1))', '[][]interface {}'],
    ['until 3', '[0 1 2]'],
    ['until -3', '[0 -1 -2]'],
    ['untilStep 3 6 2', '[3 5]'],
    ['untilStep 6 3 -2', '[6 4]'],
    ['untilStep 3 6 -1', '[]'],
    ['untilStep 3 6 0', '[]'],
    ['seq', ''],
    ['seq 5', '1 2 3 4 5'],
    ['seq -3', '1 0 -1 -2 -3'],
    ['seq 0 2', '0 1 2'],
    ['seq 2 -2', '2 1 0 -1 -2'],
    ['seq 0 2 10', '0 2 4 6 8 10'],
    ['seq 0 -2 -5', '0 -2 -4'],
    ['seq 5 1 0', ''],
    ['seq 1 2 3 4', ''],
  ])('%s', prints);

  it.each([
    ['first nil', `error calling first: ${NIL}`],
    ['first 5', 'error calling first: Cannot find first on type int'],
    ['mustLast "s"', 'error calling mustLast: Cannot find last on type string'],
    ['rest 5', 'error calling rest: Cannot find rest on type int'],
    ['initial 5', 'error calling initial: Cannot find initial on type int'],
    ['append 5 1', 'error calling append: Cannot push on type int'],
    ['mustPrepend "s" 1', 'error calling mustPrepend: Cannot prepend on type string'],
    ['reverse 5', 'error calling reverse: Cannot find reverse on type int'],
    ['uniq "s"', 'error calling uniq: Cannot find uniq on type string'],
    ['without 5 1', 'error calling without: Cannot find without on type int'],
    ['has 1 5', 'error calling has: Cannot find has on type int'],
    ['compact 5', 'error calling compact: Cannot compact on type int'],
    ['chunk 1 5', 'error calling chunk: Cannot chunk type int'],
    ['chunk 0 (list 1)', 'error calling chunk: runtime error: makeslice: len out of range'],
    ['chunk -1 (list 1)', 'error calling chunk: runtime error: makeslice: len out of range'],
    ['slice "abc" 1', 'error calling slice: list should be type of slice or array but string'],
    ['slice (list 1) 2', 'error calling slice: reflect.Value.Slice: slice index out of bounds'],
    ['concat (list 1) 5', 'error calling concat: Cannot concat type int as list'],
    ['concat nil', `error calling concat: ${NIL}`],
    ['until 2000000', 'error calling until: result exceeds 1000000 elements'],
    ['seq 2000000', 'error calling seq: result exceeds 1000000 elements'],
    ['splitList "" (repeat 2000000 "x")', 'error calling splitList: result exceeds 1000000 elements'],
  ])('%s fails', fails);

  it.each([
    ['slice .three 0 4', '[a b c <nil>]'],
    ['slice .three 3', '[]'],
    ['slice (slice .three 1) 1 3', '[c <nil>]'],
    ['slice (fromJson "[1,2,3,4,5]") 4 8', '[5 <nil> <nil> <nil>]'],
  ])('%s reaches into the capacity of a decoded list', (expression, output) => {
    expect(render(`{{ ${expression} }}`, { three: ['a', 'b', 'c'] })).toBe(output);
  });

  it.each(['slice .three 0 5', 'slice (list 1 2 3) 0 4', 'slice (reverse .three) 0 4', 'slice .three 2 1'])(
    '%s does not',
    (expression) => {
      expect(failure(`{{ ${expression} }}`, { three: ['a', 'b', 'c'] })).toContain('slice index out of bounds');
    },
  );

  it('does not change the list it was given', () => {
    expect(render('{{ $l := list 1 2 }}{{ $x := append $l 3 }}{{ $y := reverse $l }}{{ $l }}')).toBe('[1 2]');
  });

  it('gives up comparing when a list is too large for it', () => {
    const many = '{{ $l := list }}{{ range until 5000 }}{{ $l = append $l (list .) }}{{ end }}';
    expect(failure(`${many}{{ uniq $l }}`)).toContain('error calling uniq: too many comparisons');
  });

  it('limits growing lists', () => {
    const doubled = '{{ $l := list 1 }}{{ range until 30 }}{{ $l = concat $l $l }}{{ end }}';
    expect(failure(doubled)).toContain('error calling concat: result exceeds 1000000 elements');
  });
});

describe('dictionaries', () => {
  it.each([
    ['dict "a" 1 "b"', 'map[a:1 b:]'],
    ['dict 1 2', 'map[1:2]'],
    ['get (dict "a" nil) "a"', '<no value>'],
    ['get (dict) "a"', ''],
    ['get nil "a"', ''],
    ['set (dict "a" 1) "b" 2', 'map[a:1 b:2]'],
    ['unset (dict "a" 1 "b" 2) "a"', 'map[b:2]'],
    ['unset (dict "a" 1) "x"', 'map[a:1]'],
    ['hasKey (dict "a" nil) "a"', 'true'],
    ['hasKey (dict) "toString"', 'false'],
    ['pluck "a" (dict "a" 1) (dict "b" 2) (dict "a" 3)', '[1 3]'],
    ['keys (dict "b" 1 "a" 2) (dict "c" 3)', '[a b c]'],
    ['values (dict "b" 1 "a" 2)', '[2 1]'],
    ['pick (dict "a" 1 "b" 2) "a" "x"', 'map[a:1]'],
    ['dig "a" "b" "d" (dict "a" (dict "b" 5))', '5'],
    ['dig "a" "x" "d" (dict "a" (dict "b" 5))', 'd'],
    ['dig "a" "d" (dict "a" nil)', '<no value>'],
    ['dict "__proto__" 1', 'map[__proto__:1]'],
    ['set (dict) "__proto__" 1', 'map[__proto__:1]'],
    ['get (fromJson "{\\"__proto__\\":2}") "__proto__"', '2'],
    ['deepCopy (dict "a" (list 1 (dict "b" nil)))', 'map[a:[1 map[b:<nil>]]]'],
    ['mustDeepCopy (chunk 1 (list 1 2))', '[[1] [2]]'],
    ['deepCopy (strdict "a" "b")', 'map[a:b]'],
    ['deepCopy 5', '5'],
    ['deepCopy (semver "1.2.3")', '0.0.0'],
    ['deepCopy (list (semver "1") nil)', '[0.0.0 <nil>]'],
  ])('%s', prints);

  it.each([
    ['dig "a" (dict)', 'error calling dig: dig needs at least three arguments'],
    ['dig "a" "d" 5', 'error calling dig: interface conversion: interface {} is int, not map[string]interface {}'],
    ['dig 1 "d" (dict)', 'error calling dig: interface conversion: interface {} is int, not string'],
    [
      'dig "a" "b" "d" (dict "a" nil)',
      'error calling dig: interface conversion: interface {} is nil, not map[string]interface {}',
    ],
    ['set nil "a" 1', 'error calling set: assignment to entry in nil map'],
    ['deepCopy nil', 'error calling deepCopy: reflect: call of reflect.Value.Type on zero Value'],
  ])('%s fails', fails);

  it('never changes frozen data', () => {
    const frozen = Object.freeze({ a: 1 });
    expect(failure('{{ set . "b" 1 }}', frozen)).toBe('error calling set: this map cannot be changed');
    expect(failure('{{ unset . "a" }}', frozen)).toBe('error calling unset: this map cannot be changed');
    expect(failure('{{ merge . (dict "b" 1) }}', frozen)).toBe('error calling merge: this map cannot be changed');
  });
});

describe('merge', () => {
  it.each([
    ['merge (dict "a" 1) (dict "a" 2 "b" 3) (dict "b" 4 "c" 5)', 'map[a:1 b:3 c:5]'],
    ['merge (dict "a" "" "b" 0) (dict "a" "x" "b" 1)', 'map[a:x b:1]'],
    ['merge (dict "a" (dict "x" 1)) (dict "a" (dict "x" 2 "y" 3))', 'map[a:map[x:1 y:3]]'],
    ['merge (dict "a" (list 1)) (dict "a" (list 2) "b" (list 3))', 'map[a:[1] b:[3]]'],
    ['merge (dict "a" "x") (dict "a" (dict "y" 1))', 'map[a:x]'],
    ['merge (dict) (dict "a" nil)', 'map[]'],
    ['merge (dict "a" nil) (dict "a" 1)', 'map[a:1]'],
    ['merge (dict "a" (dict)) (dict "a" (dict "b" 1))', 'map[a:map[b:1]]'],
    ['mustMerge (dict "a" 1) (dict "b" 2)', 'map[a:1 b:2]'],
    ['mergeOverwrite (dict "a" 1 "b" 2) (dict "a" 3 "c" 4)', 'map[a:3 b:2 c:4]'],
    ['mergeOverwrite (dict "a" 1) (dict "a" nil)', 'map[a:<nil>]'],
    ['mergeOverwrite (dict "a" 1) (dict "a" "")', 'map[a:]'],
    ['mergeOverwrite (dict "a" (list 1 2)) (dict "a" (list 3))', 'map[a:[3]]'],
    ['mergeOverwrite (dict "a" (dict "x" 1)) (dict "a" (dict "y" 2))', 'map[a:map[x:1 y:2]]'],
    ['mustMergeOverwrite (dict "a" "x") (dict "a" (dict "y" 1))', 'map[a:map[y:1]]'],
    ['merge (dict "a" (strdict "x" "1")) (dict "a" (strdict "y" "2"))', 'map[a:map[x:1 y:2]]'],
    ['merge nil (dict "a" 1)', 'map[a:1]'],
    ['merge (dict "a" 1) nil', 'map[a:1]'],
    ['merge nil', 'map[]'],
  ])('%s', prints);

  it('changes its first argument', () => {
    expect(render('{{ $d := dict "a" 1 }}{{ $x := merge $d (dict "b" 2) }}{{ $d }}')).toBe('map[a:1 b:2]');
  });

  it('fails where Go cannot store', () => {
    expect(failure('{{ merge (dict "a" (strdict "x" "1")) (dict "a" (dict "y" 2)) }}')).toContain(
      'is not assignable to type string',
    );
  });

  it('ends when a map holds itself', () => {
    const cyclic = '{{ $d := dict }}{{ $x := set $d "self" $d }}';
    expect(failure(`${cyclic}{{ merge (dict "self" (dict)) $d }}`)).toBeTruthy();
    expect(failure(`${cyclic}{{ deepCopy $d }}`)).toBeTruthy();
    expect(render(`${cyclic}{{ toJson $d }}{{ toYaml $d }}{{ structToJSON $d }}`)).toBe('{}');
    expect(failure(`${cyclic}{{ mustToJson $d }}`)).toContain('encountered a cycle');
  });

  it('ends when a value is shared too often', () => {
    const shared = '{{ $l := list 1 }}{{ range until 40 }}{{ $l = list $l $l }}{{ end }}';
    expect(failure(`${shared}{{ deepCopy $l }}`)).toContain('more than 2000000 values to copy');
    expect(failure(`${shared}{{ mustToJson $l }}`)).toContain('more than 2000000 values');
  });
});
