/** Tokens to nodes: the grammar of YAML 1.1 as the Go port of libyaml (go.yaml.in/yaml/v2) accepts it. */
import { parserError, valueError, YamlError } from './error.ts';
import { MAX_DEPTH } from './limits.ts';
import type { MappingNode, ScalarNode, SequenceNode, YamlNode } from './node.ts';
import { Scanner } from './scanner.ts';
import { STANDARD_PREFIX } from './scalar-value.ts';
import type { Token, TokenKind } from './token.ts';

// Not allowed anywhere in a document; line breaks, tab, NEL and everything from U+00A0 on are.
const controlCharacter = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/;
// Bytes that are no UTF-8 stand as lone surrogates in strings (see go/utf8.ts).
const loneSurrogate = /\p{Surrogate}/u;

/** The first document of a stream as a tree; undefined when the stream holds none. */
export function composeFirstDocument(text: string): YamlNode | undefined {
  refuseCharacters(text, controlCharacter, 'control characters are not allowed');
  refuseCharacters(text, loneSurrogate, 'invalid leading UTF-8 octet');
  return new Composer(text).document();
}

function refuseCharacters(text: string, refused: RegExp, problem: string): void {
  const found = refused.exec(text);
  if (found === null) return;
  const before = text.slice(0, found.index).split('\n');
  const { message, remedy } = parserError(problem, 0, 0);
  throw new YamlError(message, before.length, (before.at(-1) ?? '').length + 1, remedy);
}

class Composer {
  readonly #scanner: Scanner;
  readonly #tagPrefixes = new Map<string, string>();
  readonly #anchors = new Map<string, YamlNode>();
  #depth = 0;

  constructor(text: string) {
    this.#scanner = new Scanner(text);
  }

  document(): YamlNode | undefined {
    this.#readDirectives();
    const token = this.#scanner.peek();
    let root: YamlNode;
    if (token.kind === 'stream-end') return undefined;
    if (token.kind === 'document-start') {
      this.#scanner.next();
      root = isDocumentBoundary(this.#scanner.peek().kind) ? emptyScalar(token) : this.#node(true, false);
    } else {
      root = this.#node(true, false);
    }
    // Go looks one token past the document, so a mistake right after it is still an error.
    this.#scanner.peek();
    return root;
  }

  #readDirectives(): void {
    let sawVersion = false;
    let sawDirective = false;
    for (;;) {
      const token = this.#scanner.peek();
      if (token.kind === 'version-directive') {
        if (sawVersion) failAt(token, 'found duplicate %YAML directive');
        if (token.value !== '1.1') failAt(token, 'found incompatible YAML document');
        sawVersion = true;
      } else if (token.kind === 'tag-directive') {
        if (this.#tagPrefixes.has(token.value)) failAt(token, 'found duplicate %TAG directive');
        this.#tagPrefixes.set(token.value, token.suffix);
      } else {
        if (sawDirective && token.kind !== 'document-start') failAt(token, 'did not find expected <document start>');
        break;
      }
      sawDirective = true;
      this.#scanner.next();
    }
    if (!this.#tagPrefixes.has('!')) this.#tagPrefixes.set('!', '!');
    if (!this.#tagPrefixes.has('!!')) this.#tagPrefixes.set('!!', STANDARD_PREFIX);
  }

  /** One node with its anchor and tag. `block`: block collections may start; `indentless`: so may a list without indent. */
  #node(block: boolean, indentless: boolean): YamlNode {
    let token = this.#scanner.peek();
    if (token.kind === 'alias') return this.#alias();
    const start = token;
    let anchor = '';
    let tag = '';
    let tagToken: Token | undefined;
    const readProperty = (kind: 'anchor' | 'tag'): void => {
      if (token.kind !== kind) return;
      if (kind === 'anchor') anchor = token.value;
      else tagToken = token;
      this.#scanner.next();
      token = this.#scanner.peek();
    };
    if (token.kind === 'tag') {
      readProperty('tag');
      readProperty('anchor');
    } else {
      readProperty('anchor');
      readProperty('tag');
    }
    if (tagToken !== undefined) tag = this.#resolveTag(tagToken, start);
    return this.#content(token, start, anchor, tag, block, indentless);
  }

  #content(token: Token, start: Token, anchor: string, tag: string, block: boolean, indentless: boolean): YamlNode {
    const { line } = start;
    switch (token.kind) {
      case 'scalar': {
        this.#scanner.next();
        const implicit = (tag === '' && token.plain) || tag === '!';
        return this.#named(anchor, { kind: 'scalar', line, value: token.value, tag, implicit });
      }
      case 'flow-sequence-start':
        return this.#nested(token, () => this.#flowSequence(anchor, line));
      case 'flow-mapping-start':
        return this.#nested(token, () => this.#flowMapping(anchor, line));
      case 'block-entry':
        if (indentless) return this.#nested(token, () => this.#indentlessSequence(anchor, line));
        break;
      case 'block-sequence-start':
        if (block) return this.#nested(token, () => this.#blockSequence(anchor, line));
        break;
      case 'block-mapping-start':
        if (block) return this.#nested(token, () => this.#blockMapping(anchor, line));
        break;
      default:
    }
    if (anchor !== '' || tag !== '') {
      return this.#named(anchor, { kind: 'scalar', line, value: '', tag, implicit: tag === '' });
    }
    throw parserError('did not find expected node content', token.line, token.column, start.line);
  }

  #nested(token: Token, compose: () => YamlNode): YamlNode {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) {
      throw parserError(`exceeded max depth of ${String(MAX_DEPTH)}`, token.line, token.column);
    }
    const node = compose();
    this.#depth -= 1;
    return node;
  }

  #named<T extends YamlNode>(anchor: string, node: T): T {
    if (anchor !== '') this.#anchors.set(anchor, node);
    return node;
  }

  #alias(): YamlNode {
    const { value: name, line } = this.#scanner.next();
    const target = this.#anchors.get(name);
    if (target === undefined) throw valueError(`unknown anchor '${name}' referenced`, line);
    return { kind: 'alias', line, name, target };
  }

  #resolveTag(token: Token, start: Token): string {
    if (token.value === '') return token.suffix;
    const tag = (this.#tagPrefixes.get(token.value) ?? '') + (this.#tagPrefixes.has(token.value) ? token.suffix : '');
    if (tag === '') throw parserError('found undefined tag handle', token.line, token.column, start.line);
    return tag;
  }

  #blockSequence(anchor: string, line: number): SequenceNode {
    const node = this.#named(anchor, { kind: 'sequence', line, items: [] } as SequenceNode);
    const start = this.#scanner.next();
    for (;;) {
      const token = this.#scanner.next();
      if (token.kind === 'block-end') return node;
      if (token.kind !== 'block-entry') {
        throw parserError("did not find expected '-' indicator", token.line, token.column, start.line);
      }
      const next = this.#scanner.peek().kind;
      const empty = next === 'block-entry' || next === 'block-end';
      node.items.push(empty ? emptyScalar(token) : this.#node(true, false));
    }
  }

  /** A list whose entries stand at the column of the key it belongs to; it has no end token of its own. */
  #indentlessSequence(anchor: string, line: number): SequenceNode {
    const node = this.#named(anchor, { kind: 'sequence', line, items: [] } as SequenceNode);
    while (this.#scanner.peek().kind === 'block-entry') {
      const token = this.#scanner.next();
      const empty = isBlockBoundary(this.#scanner.peek().kind, true);
      node.items.push(empty ? emptyScalar(token) : this.#node(true, false));
    }
    return node;
  }

  #blockMapping(anchor: string, line: number): MappingNode {
    const node = this.#named(anchor, { kind: 'mapping', line, pairs: [] } as MappingNode);
    const start = this.#scanner.next();
    for (;;) {
      const token = this.#scanner.next();
      if (token.kind === 'block-end') return node;
      if (token.kind !== 'key') {
        throw parserError('did not find expected key', token.line, token.column, start.line);
      }
      node.pairs.push(this.#blockPart(token));
      const value = this.#scanner.peek();
      if (value.kind === 'value') {
        this.#scanner.next();
        node.pairs.push(this.#blockPart(value));
      } else {
        node.pairs.push(emptyScalar(value));
      }
    }
  }

  #blockPart(token: Token): YamlNode {
    const empty = isBlockBoundary(this.#scanner.peek().kind, false);
    return empty ? emptyScalar(token) : this.#node(true, true);
  }

  #flowSequence(anchor: string, line: number): SequenceNode {
    const node = this.#named(anchor, { kind: 'sequence', line, items: [] } as SequenceNode);
    const start = this.#scanner.next();
    for (let first = true; this.#flowContinues('flow-sequence-end', first, start); first = false) {
      const token = this.#scanner.peek();
      if (token.kind === 'key') {
        this.#scanner.next();
        node.items.push(this.#nested(token, () => this.#flowPair(token)));
      } else {
        node.items.push(this.#node(false, false));
      }
    }
    this.#scanner.next();
    return node;
  }

  /** `[a: b]`: a map of one pair inside a list. */
  #flowPair(start: Token): MappingNode {
    const node: MappingNode = { kind: 'mapping', line: start.line, pairs: [] };
    const token = this.#scanner.peek();
    if (token.kind === 'value' || isFlowBoundary(token.kind, 'flow-sequence-end')) {
      // libyaml takes this token away, so `[? : a]` and `[?]` are errors further on.
      this.#scanner.next();
      node.pairs.push(emptyScalar(token));
    } else {
      node.pairs.push(this.#node(false, false));
    }
    node.pairs.push(this.#flowValue('flow-sequence-end'));
    return node;
  }

  #flowMapping(anchor: string, line: number): MappingNode {
    const node = this.#named(anchor, { kind: 'mapping', line, pairs: [] } as MappingNode);
    const start = this.#scanner.next();
    for (let first = true; this.#flowContinues('flow-mapping-end', first, start); first = false) {
      if (this.#scanner.peek().kind !== 'key') {
        node.pairs.push(this.#node(false, false), emptyScalar(this.#scanner.peek()));
        continue;
      }
      this.#scanner.next();
      const token = this.#scanner.peek();
      const empty = token.kind === 'value' || isFlowBoundary(token.kind, 'flow-mapping-end');
      node.pairs.push(empty ? emptyScalar(token) : this.#node(false, false));
      node.pairs.push(this.#flowValue('flow-mapping-end'));
    }
    this.#scanner.next();
    return node;
  }

  #flowValue(end: TokenKind): YamlNode {
    const token = this.#scanner.peek();
    if (token.kind !== 'value') return emptyScalar(token);
    this.#scanner.next();
    const next = this.#scanner.peek();
    return isFlowBoundary(next.kind, end) ? emptyScalar(next) : this.#node(false, false);
  }

  /** Whether another entry follows; takes the comma before it. A comma before the end is allowed. */
  #flowContinues(end: 'flow-sequence-end' | 'flow-mapping-end', first: boolean, start: Token): boolean {
    let token = this.#scanner.peek();
    if (token.kind === end) return false;
    if (first) return true;
    if (token.kind !== 'flow-entry') {
      const closing = end === 'flow-sequence-end' ? ']' : '}';
      throw parserError(`did not find expected ',' or '${closing}'`, token.line, token.column, start.line);
    }
    this.#scanner.next();
    token = this.#scanner.peek();
    return token.kind !== end;
  }
}

function failAt(token: Token, problem: string): never {
  throw parserError(problem, token.line, token.column);
}

function emptyScalar(token: Token): ScalarNode {
  return { kind: 'scalar', line: token.line, value: '', tag: '', implicit: true };
}

function isDocumentBoundary(kind: TokenKind): boolean {
  return (
    kind === 'stream-end' ||
    kind === 'document-start' ||
    kind === 'document-end' ||
    kind === 'version-directive' ||
    kind === 'tag-directive'
  );
}

function isBlockBoundary(kind: TokenKind, entryEnds: boolean): boolean {
  return kind === 'key' || kind === 'value' || kind === 'block-end' || (entryEnds && kind === 'block-entry');
}

function isFlowBoundary(kind: TokenKind, end: TokenKind): boolean {
  return kind === 'flow-entry' || kind === end;
}
