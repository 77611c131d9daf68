import { describe, expect, it } from 'vitest';
import { fails, failure, prints } from './support.ts';

describe('defaults, types, control', () => {
  it.each([
    ['default "d" ""', 'd'],
    ['default "d"', 'd'],
    ['default "d" 0', 'd'],
    ['default "d" false', 'd'],
    ['default "d" (list)', 'd'],
    ['default "d" "v"', 'v'],
    ['empty nil', 'true'],
    ['empty (semver "1")', 'false'],
    ['coalesce 0 "" nil 3 4', '3'],
    ['coalesce', '<no value>'],
    ['all 1 "a" true', 'true'],
    ['all 1 0', 'false'],
    ['all', 'true'],
    ['any 0 "" 1', 'true'],
    ['any', 'false'],
    ['ternary "y" "n" true', 'y'],
    ['true | ternary "y" "n"', 'y'],
    ['ternary "y" "n" false', 'n'],
    ['typeOf nil', '<nil>'],
    ['typeOf (list)', '[]interface {}'],
    ['typeIs "int" 1', 'true'],
    ['typeIsLike "semver.Version" (semver "1")', 'true'],
    ['typeIsLike "string" "x"', 'true'],
    ['kindOf 1.5', 'float64'],
    ['kindOf nil', 'invalid'],
    ['kindOf (semver "1")', 'ptr'],
    ['kindIs "map" (dict)', 'true'],
    ['deepEqual (list 1 2) (list 1 2)', 'true'],
    ['deepEqual 1 1.0', 'false'],
    ['deepEqual nil nil', 'true'],
    ['deepEqual (dict "a" (list 1)) (dict "a" (list 1))', 'true'],
    ['deepEqual (dict "a" 1) (dict "b" 1)', 'false'],
    ['deepEqual (list) (rest (list))', 'false'],
    ['deepEqual (mergeMaps) (strdict)', 'false'],
    ['deepEqual (semver "1") (semver "1")', 'true'],
    ['deepEqual (semver "1") (semver "2")', 'false'],
    ['deepEqual (toDate "2006" "2020") (toDate "2006" "2020")', 'true'],
    ['deepEqual (strdict "a" "b") (strdict "a" "b")', 'true'],
  ])('%s', prints);

  it('fail fails', () => fails('fail "boom"', 'error calling fail: boom'));
});

describe('arithmetic', () => {
  it.each([
    ['int "0x10"', '16'],
    ['int "010"', '8'],
    ['int "5.7"', '5'],
    ['int "-.5"', '0'],
    ['int ".5"', '0'],
    ['int "x"', '0'],
    ['int 1.9', '1'],
    ['int -1.9', '-1'],
    ['int 1e300', '-9223372036854775808'],
    ['int true', '1'],
    ['int false', '0'],
    ['int nil', '0'],
    ['int (list)', '0'],
    ['int (semver "1")', '0'],
    ['int64 "9999999999"', '9999999999'],
    ['float64 "1.5"', '1.5'],
    ['float64 true', '1'],
    ['float64 false', '0'],
    ['float64 3', '3'],
    ['float64 "x"', '0'],
    ['float64 (dict)', '0'],
    ['toDecimal "777"', '511'],
    ['toDecimal 8', '0'],
    ['add 1 2 3', '6'],
    ['add 9223372036854775807 1', '-9223372036854775808'],
    ['add1 4', '5'],
    ['sub 5 2', '3'],
    ['div 10 3', '3'],
    ['div -7 2', '-3'],
    ['mod -7 3', '-1'],
    ['mul 2 3 4', '24'],
    ['max 1 2 3', '3'],
    ['biggest 1 "7"', '7'],
    ['min 3 -1 2', '-1'],
    ['addf 0.1 0.2', '0.3'],
    ['addf', '0'],
    ['add1f 1.5', '2.5'],
    ['subf 7.5 2 3', '2.5'],
    ['mulf 1.9 2', '3.8'],
    ['divf 10 4', '2.5'],
    ['maxf 1.5 "2.5"', '2.5'],
    ['minf 1.5 -2', '-2'],
    ['ceil 123.001', '124'],
    ['floor 123.9999', '123'],
    ['round 123.555555 3', '123.556'],
    ['round -1.5 0', '-2'],
    ['round 123.5 0 0.6', '123'],
    ['round 1234 -2', '1200'],
  ])('%s', prints);

  it.each([
    ['div 1 0', 'error calling div: runtime error: integer divide by zero'],
    ['mod 1 "x"', 'error calling mod: runtime error: integer divide by zero'],
    ['divf 1 0', 'error calling divf: decimal division by 0'],
    ['addf "NaN"', 'error calling addf: Cannot create a Decimal from NaN'],
  ])('%s fails', fails);
});

describe('JSON', () => {
  it.each([
    ['fromJson "{\\"a\\":[1,null]}"', 'map[a:[1 <nil>]]'],
    ['fromJson "bad"', '<no value>'],
    ['mustFromJson "[1e3]"', '[1000]'],
    [
      'toJson (dict "b" (list 1 1.5 nil true "<") "a" (strdict "k" "v"))',
      '{"a":{"k":"v"},"b":[1,1.5,null,true,"\\u003c"]}',
    ],
    ['toJson (until 2)', '[0,1]'],
    ['toJson (chunk 1 (list 1))', '[[1]]'],
    ['toJson (mergeMaps)', 'null'],
    ['toJson (toDate "2006-01-02" "2017-12-31")', '"2017-12-31T00:00:00Z"'],
    ['toJson (float64 "NaN")', ''],
    ['mustToJson 1', '1'],
    ['toPrettyJson (dict "a" (list 1))', '{\n  "a": [\n    1\n  ]\n}'],
    ['mustToPrettyJson (list)', '[]'],
    ['toRawJson "<&>"', '"<&>"'],
    ['mustToRawJson "<"', '"<"'],
  ])('%s', prints);

  it.each([
    ['mustFromJson "bad"', "error calling mustFromJson: invalid character 'b' looking for beginning of value"],
    ['mustToJson (float64 "NaN")', 'error calling mustToJson: json: unsupported value: NaN'],
    ['toRawJson (float64 "Inf")', 'error calling toRawJson: json: unsupported value: +Inf'],
    ['mustToJson 1i', 'error calling mustToJson: json: unsupported type: complex128'],
  ])('%s fails', fails);
});

describe('dates', () => {
  const date = '(toDate "2006-01-02" "2017-12-31")';
  it.each([
    ['date "2006-01-02" (int64 0)', '1970-01-01'],
    ['date "2006" (int 0)', '1970'],
    ['date "2006-01-02" "neither"', '2023-11-14'],
    ['date "15:04:05" now', '22:13:20'],
    [`date "02/01/2006" ${date}`, '31/12/2017'],
    ['dateInZone "15:04 MST" (int64 0) "Europe/Berlin"', '01:00 CET'],
    ['date_in_zone "15:04" (int64 0) "Nope"', '00:00'],
    ['htmlDate (int64 0)', '1970-01-01'],
    ['htmlDateInZone (int64 86399) "Asia/Tokyo"', '1970-01-02'],
    [date, '2017-12-31 00:00:00 +0000 UTC'],
    ['toDate "2006" "x"', '0001-01-01 00:00:00 +0000 UTC'],
    [`dateModify "-1.5h" ${date}`, '2017-12-30 22:30:00 +0000 UTC'],
    [`date_modify "x" ${date}`, '2017-12-31 00:00:00 +0000 UTC'],
    [`must_date_modify "24h" ${date}`, '2018-01-01 00:00:00 +0000 UTC'],
    [`mustDateModify "1s" ${date}`, '2017-12-31 00:00:01 +0000 UTC'],
    [`unixEpoch ${date}`, '1514678400'],
    ['duration 95', '0s'],
    ['duration (int64 95)', '1m35s'],
    ['duration "95"', '1m35s'],
    ['durationRound "2h10m5s"', '2h'],
    ['durationRound "-49h"', '2d'],
    ['durationRound "100ms"', '0s'],
    ['durationRound "x"', '0s'],
    ['durationRound 5', '0s'],
    ['durationRound (int64 90000000000)', '1m'],
    [`durationRound ${date}`, '5y'],
    ['durationRound (list)', '0s'],
    ['ago (int64 1699999990)', '10s'],
    ['ago (int64 1700000010)', '-10s'],
    ['kindOf now', 'struct'],
    ['typeOf now', 'time.Time'],
    [`${date}.Year`, '2017'],
    [`${date}.Month`, 'December'],
    [`${date}.Month.String`, 'December'],
    [`${date}.Day`, '31'],
    [`${date}.Weekday`, 'Sunday'],
    [`${date}.YearDay`, '365'],
    ['now.Hour', '22'],
    ['now.Minute', '13'],
    ['now.Second', '20'],
    ['now.Nanosecond', '0'],
    ['now.Unix', '1700000000'],
    ['now.UnixMilli', '1700000000000'],
    ['now.UnixNano', '1700000000000000000'],
    ['now.IsZero', 'false'],
    ['now.UTC.Format "2006"', '2023'],
    ['now.Local.String', '2023-11-14 22:13:20 +0000 UTC'],
    [`${date}.Before now`, 'true'],
    [`${date}.After now`, 'false'],
    [`${date}.Equal ${date}`, 'true'],
    [`now.Sub ${date}`, '51478h13m20s'],
    [`(now.Sub ${date}).Hours`, '51478.22222222222'],
    [`(now.Sub ${date}).Minutes`, '3.0886933333333335e+06'],
    [`(now.Sub ${date}).Seconds`, '1.853216e+08'],
    [`(now.Sub ${date}).Milliseconds`, '185321600000'],
    [`(now.Sub ${date}).Nanoseconds`, '185321600000000000'],
    [`(now.Sub ${date}).String`, '51478h13m20s'],
    [`now.Add (now.Sub ${date})`, '2029-09-28 20:26:40 +0000 UTC'],
    [`${date}.AddDate 1 2 0`, '2019-03-03 00:00:00 +0000 UTC'],
    [`${date}.AddDate 0 -12 1`, '2017-01-01 00:00:00 +0000 UTC'],
    ['(now.Sub (toDate "2006" "x")).String', '2562047h47m16.854775807s'],
    ['((toDate "2006" "x").Sub now).String', '-2562047h47m16.854775808s'],
  ])('%s', prints);

  it.each([
    ['mustToDate "2006" "x"', 'error calling mustToDate: parsing time "x" as "2006": cannot parse "x" as "2006"'],
    [`mustDateModify "x" ${date}`, 'error calling mustDateModify: time: invalid duration "x"'],
    ['unixEpoch 5', "can't handle 5 for arg of type time.Time"],
  ])('%s fails', fails);
});

describe('passwords and chance', () => {
  it.each([
    ['derivePassword 1 "long" "password" "user" "example.com"', 'ZedaFaxcZaso9*'],
    ['derivePassword 1 "nope" "p" "u" "s"', 'cannot find password template nope'],
    ['eq (derivePassword 1 "long" "ab" "c" "s") (derivePassword 1 "long" "ab" "c" "s")', 'true'],
    ['eq (derivePassword 1 "long" "ab" "c" "s") (derivePassword 1 "long" "a" "bc" "s")', 'false'],
    ['decryptAES "k" (encryptAES "k" "plain é")', 'plain é'],
    ['encryptAES "k" ""', ''],
    ['decryptAES "k" ""', ''],
    ['htpasswd "a:b" "x"', 'invalid username: a:b'],
    ['len (randAlphaNum 5)', '5'],
    ['regexMatch "^[A-Za-z]{9}$" (randAlpha 9)', 'true'],
    ['regexMatch "^[0-9]{9}$" (randNumeric 9)', 'true'],
    ['regexMatch "^[ -~]{9}$" (randAscii 9)', 'true'],
    ['randAlpha -1', ''],
    ['randInt 5 6', '5'],
    ['randBytes 3', 'AAEC'],
    ['uuidv4', '00010203-0405-4607-8809-0a0b0c0d0e0f'],
    ['shuffle "abc" | splitList "" | sortAlpha | join ""', 'abc'],
  ])('%s', prints);

  it.each([
    ['decryptAES "k" "!!"', 'error calling decryptAES: illegal base64 data at input byte 0'],
    [
      'decryptAES "k" "aGk="',
      'error calling decryptAES: runtime error: slice bounds out of range [:16] with capacity 2',
    ],
    ['decryptAES "k" (repeat 17 "x" | b64enc)', 'error calling decryptAES: crypto/cipher: input not full blocks'],
    ['decryptAES "k" (repeat 16 "x" | b64enc)', 'error calling decryptAES: runtime error: index out of range [-1]'],
    ['randInt 5 5', 'error calling randInt: invalid argument to Intn'],
    ['randBytes -1', 'error calling randBytes: runtime error: makeslice: len out of range'],
    ['randAlpha 1000000000', 'error calling randAlpha: result exceeds 65536 characters'],
    ['randBytes 70000', 'error calling randBytes: result exceeds 65536 characters'],
    ['genCA "x" 1', 'error calling genCA: genCA is not supported in injection templates'],
    ['bcrypt "x"', 'error calling bcrypt: bcrypt is not supported in injection templates'],
    ['htpasswd "a" "x"', 'error calling htpasswd: htpasswd is not supported in injection templates'],
    ['getHostByName "x"', 'error calling getHostByName: getHostByName is not supported in injection templates'],
  ])('%s fails', fails);

  it('refuses a decrypted padding that is longer than the text', () => {
    expect(failure('{{ decryptAES "other" (encryptAES "k" "text") }}')).toContain('slice bounds out of range [:-');
  });
});

describe('environment', () => {
  it.each([
    ['expandenv "a-$HOME-${HOME}-$NOPE-${}-$"', 'a-/root-/root---$'],
    ['expandenv "$1 ${*} ${HOME $HOME"', '  HOME /root'],
    ['env "HOME" "d"', '/root'],
    ['env "EMPTY" "d"', 'd'],
    ['env "constructor" "d"', 'd'],
  ])('%s', prints);
});
