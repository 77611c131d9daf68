/** YAML documents of a file, split as `k8s.io/apimachinery/pkg/util/yaml` reads them: at lines that start with `---`. */
import { trimSpace } from '../../go/unicode.ts';

/** One document of a file. */
export interface YamlDocument {
  readonly text: string;
  /** Lines of the file before the first one of the document. */
  readonly line: number;
}

/** The documents that can be told apart, and why the rest of the file cannot. */
export interface SplitFile {
  readonly documents: readonly YamlDocument[];
  readonly fault?: { readonly message: string; readonly line: number };
}

const separator = '---';

/** Splits a file. A separator line may only have a comment after it; what follows one that has more is not read. */
export function splitDocuments(text: string): SplitFile {
  const documents: YamlDocument[] = [];
  const lines = text.split('\n');
  // The last line ends with a line break, or it is empty.
  if (lines.at(-1) === '') lines.pop();
  let start = 0;
  const close = (end: number): void => {
    if (end > start) documents.push({ text: lines.slice(start, end).join('\n') + '\n', line: start });
    start = end;
  };
  for (const [index, line] of lines.entries()) {
    if (!line.startsWith(separator)) continue;
    const rest = trimSpace(line.slice(separator.length));
    if (rest !== '' && !rest.startsWith('#')) {
      return { documents, fault: { message: `invalid Yaml document separator: ${rest}`, line: index } };
    }
    // A separator that ends a document belongs to none; any other is part of the document that it begins.
    if (index > start) {
      close(index);
      start = index + 1;
    }
  }
  close(lines.length);
  return { documents };
}
