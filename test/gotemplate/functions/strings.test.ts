import { describe, expect, it } from 'vitest';
import { fails, prints, render } from './support.ts';

describe('string functions', () => {
  it.each([
    ['hello', 'Hello!'],
    ['trim "  hello "', 'hello'],
    ['trimAll "$" "$5.00"', '5.00'],
    ['trimall "-" "--a--"', 'a'],
    ['trimSuffix "-" "hello-"', 'hello'],
    ['trimSuffix "é" "aé"', 'a'],
    ['trimPrefix "-" "-hello"', 'hello'],
    ['trimPrefix "é" "éa"', 'a'],
    ['trimPrefix "x" "hello"', 'hello'],
    ['upper "héllo"', 'HÉLLO'],
    ['lower "HELLO"', 'hello'],
    ['title "hello world"', 'Hello World'],
    ['untitle "Hello World"', 'hello world'],
    ['repeat 3 "hello"', 'hellohellohello'],
    ['repeat 1000000000 ""', ''],
    ['substr 0 5 "hello world"', 'hello'],
    ['substr 3 -1 "hello"', 'lo'],
    ['substr 3 100 "hello"', 'lo'],
    ['substr -1 2 "hello"', 'he'],
    ['substr 5 100 "hello"', ''],
    ['nospace "hello w o r l d"', 'helloworld'],
    ['trunc 5 "hello world"', 'hello'],
    ['trunc -5 "hello world"', 'world'],
    ['trunc -50 "hello"', 'hello'],
    ['trunc 1 "é" | len', '1'],
    ['abbrev 5 "hello world"', 'he...'],
    ['abbrev 3 "hello world"', 'hello world'],
    ['abbrevboth 5 10 "1234 5678 9123"', '...5678...'],
    ['abbrevboth 5 6 "1234 5678 9123"', '1234 5678 9123'],
    ['initials "First Try"', 'FT'],
    ['swapcase "This Is A.Test"', 'tHIS iS a.tEST'],
    ['snakecase "FirstName"', 'first_name'],
    ['camelcase "http_server"', 'HttpServer'],
    ['kebabcase "FirstName"', 'first-name'],
    ['wrap 10 "hello wonderful world"', 'hello\nwonderful\nworld'],
    ['wrap 9223372036854775807 "a b"', 'a b'],
    ['wrapWith 5 "\\t" "Hello World"', 'Hello\tWorld'],
    ['wrapWith 5 "" "Hello World"', 'Hello\nWorld'],
    ['hasPrefix "cat" "catch"', 'true'],
    ['hasPrefix "\\xc3" "é"', 'true'],
    ['hasSuffix "cat" "catch"', 'false'],
    ['hasSuffix "\\xa9" "é"', 'true'],
    ['quote "a\\"b" 1 nil true', '"a\\"b" "1" "true"'],
    ['squote "it\'s" nil 2', "'it's' '2'"],
    ['cat "hello" "beautiful" nil "world" 1.5', 'hello beautiful world 1.5'],
    ['nindent 4 "a\\nb"', '\n    a\n    b'],
    ['replace " " "-" "I Am Henry"', 'I-Am-Henry'],
    ['replace "" "-" "ab"', '-a-b-'],
    ['plural "one" "many" 1', 'one'],
    ['plural "one" "many" 2', 'many'],
    ['toString (list 1 "a")', '[1 a]'],
    ['toString nil', '<nil>'],
    ['atoi "12"', '12'],
    ['atoi "x"', '0'],
    ['atoi "99999999999999999999"', '9223372036854775807'],
    ['split "$" "foo$bar"', 'map[_0:foo _1:bar]'],
    ['splitn "$" 2 "foo$bar$baz"', 'map[_0:foo _1:bar$baz]'],
    ['splitn "$" 0 "foo"', 'map[]'],
    ['splitn "$" -1 "a$b$c"', 'map[_0:a _1:b _2:c]'],
    ['splitList "" "aé"', '[a é]'],
    ['toStrings (list 1 nil "x")', '[1 x]'],
    ['toStrings nil', '[]'],
    ['toStrings (splitList "," "a,b")', '[a b]'],
    ['toJson (toStrings (regexFindAll "x" "y" -1))', 'null'],
    ['join "_" (list 1 2 nil "x")', '1_2_x'],
    ['join "," "x"', 'x'],
    ['sortAlpha (list "b" "a" 1)', '[1 a b]'],
    ['sortAlpha "x"', '[x]'],
    ['sortAlpha nil | toJson', '["\\u003cnil\\u003e"]'],
  ])('%s', prints);

  it.each([
    ['repeat -1 "x"', 'error calling repeat: strings: negative Repeat count'],
    ['repeat 1000000000 "x"', 'error calling repeat: result exceeds 16777216 characters'],
    ['repeat 9223372036854775807 "x"', 'error calling repeat: result exceeds 16777216 characters'],
    ['nindent -1 "x"', 'error calling nindent: strings: negative Repeat count'],
    ['substr 0 -1 "x" | substr -1 -2', 'error calling substr: runtime error: slice bounds out of range [:-2]'],
    ['substr -1 9 "hello"', 'error calling substr: runtime error: slice bounds out of range [:9] with length 5'],
    ['substr 3 2 "hello"', 'error calling substr: runtime error: slice bounds out of range [3:2]'],
    ['substr 9 -1 "hello"', 'error calling substr: runtime error: slice bounds out of range [9:5]'],
    ['trim 1', 'expected string; found 1'],
    ['wrapWith 1 (repeat 9999 "x") (repeat 9999 "y")', 'error calling wrapWith: result exceeds 16777216 characters'],
    ['wrap 1 (repeat 2000000 "a ")', 'error calling wrap: result exceeds 1000000 elements'],
    ['splitList "," (repeat 2000000 ",")', 'error calling splitList: result exceeds 1000000 elements'],
    ['replace "" "x" (repeat 2000000 "a")', 'error calling replace: result exceeds 1000000 elements'],
    ['replace "a" (repeat 9999 "x") (repeat 9999 "a")', 'error calling replace: result exceeds 16777216 characters'],
  ])('%s fails', fails);

  it('sorts a list of strings where it is, as Go does', () => {
    expect(render('{{ $l := splitList "," "b,a" }}{{ sortAlpha $l }} {{ $l }}')).toBe('[a b] [a b]');
    expect(render('{{ $l := list "b" "a" }}{{ sortAlpha $l }} {{ $l }}')).toBe('[a b] [b a]');
  });
});

describe('encodings and checksums', () => {
  it.each([
    ['b64enc "hello"', 'aGVsbG8='],
    ['b64dec "aGVsbG8="', 'hello'],
    ['b64dec "!"', 'illegal base64 data at input byte 0'],
    ['b32enc "hello"', 'NBSWY3DP'],
    ['b32dec "NBSWY3DP"', 'hello'],
    ['b32dec "1"', 'illegal base32 data at input byte 0'],
    ['sha1sum "Hello world!"', 'd3486ae9136e7856bc42212385ea797094475802'],
    ['sha256sum ""', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['sha512sum "" | trunc 16', 'cf83e1357eefb8bd'],
    ['adler32sum "Hello world!"', '487130206'],
    ['base "a/b"', 'b'],
    ['dir "a/b"', 'a'],
    ['clean "a/../b"', 'b'],
    ['ext "a.b"', '.b'],
    ['isAbs "/a"', 'true'],
    ['osBase "a/b"', 'b'],
    ['osDir "a/b"', 'a'],
    ['osClean "a//b"', 'a/b'],
    ['osExt "a.b"', '.b'],
    ['osIsAbs "a"', 'false'],
  ])('%s', prints);
});

describe('regular expressions', () => {
  it.each([
    ['regexMatch "^[a-z]+$" "abc"', 'true'],
    ['regexMatch "(" "abc"', 'false'],
    ['mustRegexMatch "b" "abc"', 'true'],
    ['regexFind "[a-z][1-9]" "abcd1234"', 'd1'],
    ['mustRegexFind "z" "abcd"', ''],
    ['regexFindAll "[2,4,6,8]" "123456789" -1', '[2 4 6 8]'],
    ['mustRegexFindAll "[0-9]" "123" 2', '[1 2]'],
    ['regexReplaceAll "a(x*)b" "-ab-axxb-" "${1}W"', '-W-xxW-'],
    ['mustRegexReplaceAll "b" "abc" "$0$0"', 'abbc'],
    ['regexReplaceAllLiteral "a(x*)b" "-ab-axxb-" "${1}"', '-${1}-${1}-'],
    ['mustRegexReplaceAllLiteral "b" "abc" "$0"', 'a$0c'],
    ['regexSplit "z+" "pizza" -1', '[pi a]'],
    ['mustRegexSplit "z+" "pizza" 1', '[pizza]'],
    ['regexQuoteMeta "1.2.3"', '1\\.2\\.3'],
  ])('%s', prints);

  const missing = 'error parsing regexp: missing closing ): `(`';
  it.each([
    ['mustRegexMatch "(" "a"', `error calling mustRegexMatch: ${missing}`],
    ['mustRegexFind "(" "a"', `error calling mustRegexFind: ${missing}`],
    ['regexFind "(" "a"', `error calling regexFind: regexp: Compile(\`(\`): ${missing}`],
    [
      'regexFind "(`" "a"',
      'error calling regexFind: regexp: Compile("(`"): error parsing regexp: missing closing ): `(``',
    ],
  ])('%s fails', fails);
});

describe('URLs', () => {
  it.each([
    ['(urlParse "http://u:p@h:80/a?q=1#f").userinfo', 'u:p'],
    ['urlParse "http://h/"', 'map[fragment: host:h hostname:h opaque: path:/ query: scheme:http userinfo:]'],
    [
      'urlJoin (dict "fragment" "f" "host" "host:80" "path" "/path" "query" "q" "scheme" "http")',
      'http://host:80/path?q#f',
    ],
    ['urlJoin (dict "userinfo" "u:p" "host" "h" "scheme" "x")', 'x://u:p@h'],
  ])('%s', prints);
  it.each([
    ['urlParse "%zz"', 'error calling urlParse: unable to parse url: parse "%zz": invalid URL escape "%zz"'],
    [
      'urlJoin (dict "host" 1)',
      'error calling urlJoin: unable to parse host key, must be of type string, but int found',
    ],
    [
      'urlJoin (dict "host" nil)',
      'error calling urlJoin: runtime error: invalid memory address or nil pointer dereference',
    ],
    [
      'urlJoin (dict "userinfo" "a b")',
      'error calling urlJoin: unable to parse userinfo in dict: parse "proto://a b@host": net/url: invalid userinfo',
    ],
  ])('%s fails', fails);
});

describe('versions', () => {
  it.each([
    ['semver "v1.2"', '1.2.0'],
    ['(semver "1.2.3-rc.1+m").Prerelease', 'rc.1'],
    ['(semver "1.2.3-rc.1+m").Metadata', 'm'],
    ['(semver "1.2.3").Major', '1'],
    ['(semver "1.2.3").Minor', '2'],
    ['(semver "1.2.3").Patch', '3'],
    ['(semver "v1.2.3").Original', 'v1.2.3'],
    ['(semver "1.2.3").IncPatch', '1.2.4'],
    ['(semver "1.2.3").IncMinor', '1.3.0'],
    ['(semver "1.2.3").IncMajor', '2.0.0'],
    ['(semver "1.2.3").SetPrerelease "a"', '1.2.3-a'],
    ['(semver "1.2.3").SetMetadata "b"', '1.2.3+b'],
    ['(semver "1.2.3").String', '1.2.3'],
    ['(semver "1.2.3").Compare (semver "1.2.4")', '-1'],
    ['(semver "1.2.3").Equal (semver "1.2.3")', 'true'],
    ['(semver "1.2.3").LessThan (semver "1.2.4")', 'true'],
    ['(semver "1.2.3").LessThanEqual (semver "1.2.2")', 'false'],
    ['(semver "1.2.3").GreaterThan (semver "1.2.2")', 'true'],
    ['(semver "1.2.3").GreaterThanEqual (semver "1.2.4")', 'false'],
    ['typeOf (semver "1")', '*semver.Version'],
    ['toJson (semver "1")', '"1.0.0"'],
    ['semverCompare "^1.2.0" "1.3.0"', 'true'],
  ])('%s', prints);
  it.each([
    ['semver "bad"', 'error calling semver: invalid semantic version'],
    ['semverCompare "!" "1"', 'error calling semverCompare: improper constraint: "!"'],
    ['(semver "1").SetPrerelease "a b"', 'error calling SetPrerelease: invalid prerelease string'],
    [
      '(semver "1").Compare nil',
      'error calling Compare: runtime error: invalid memory address or nil pointer dereference',
    ],
  ])('%s fails', fails);
});
