/** A line that begins with `---` but is no separator. The message is that of `k8s.io/apimachinery`'s YAMLReader. */
export class DocumentSeparatorError extends Error {
  override readonly name = 'DocumentSeparatorError';
}

/**
 * Cuts a text into its YAML documents, as YAMLReader of `k8s.io/apimachinery/pkg/util/yaml` does: at lines that are `---`,
 * perhaps followed by a comment. Such a line stays when it is the first of its document; lines end with `\n` afterwards.
 *
 * A generator, since Istio handles the documents before a bad line.
 */
export function* splitDocuments(text: string): Generator<string> {
  let document = '';
  for (const line of linesOf(text)) {
    if (line.startsWith('---')) {
      const rest = line.slice(3).trim();
      if (rest !== '' && !rest.startsWith('#'))
        throw new DocumentSeparatorError(`invalid Yaml document separator: ${rest}`);
      if (document !== '') {
        yield document;
        document = '';
        continue;
      }
    }
    document += `${line}\n`;
  }
  if (document !== '') yield document;
}

function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
