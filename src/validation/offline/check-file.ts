/** One file, checked document by document. */
import { decodeYamlStrict, YamlError } from '../../yaml/index.ts';
import type { FieldPath } from '../path.ts';
import type { RuleCode } from '../codes/index.ts';
import { checkResource } from './check-resource.ts';
import type { OfflineOptions } from './check-resource.ts';
import { splitDocuments } from './documents.ts';
import type { YamlDocument } from './documents.ts';
import { isMap, textAt } from './resource.ts';
import type { Resource } from './resource.ts';

/** Something found in a file. */
export interface FileFinding {
  readonly severity: 'error' | 'warning';
  readonly code: RuleCode;
  /** Istio's text, without the lead that names the resource. */
  readonly message: string;
  /** As `istioctl validate` prints it. */
  readonly text: string;
  /** The document it was found in. */
  readonly document: YamlDocument;
  /** The resource it was found in; absent when the document could not be read. */
  readonly resource?: { readonly kind: string; readonly namespace: string; readonly name: string };
  /** Where in the resource; absent when the document could not be read. */
  readonly path?: FieldPath;
  /** Line (counted from 1, within the document) and column of a fault in the document itself. */
  readonly position?: { readonly line: number; readonly column: number };
}

/** What was found in a file. */
export interface FileReport {
  readonly file: string;
  readonly findings: readonly FileFinding[];
  /** Remarks that are no findings. */
  readonly notes: readonly string[];
}

/** The report of a file that could not be read at all. */
export function unreadableFile(file: string, message: string): FileReport {
  const finding = { severity: 'error', code: 'file-unreadable', message, text: message } as const;
  return { file, findings: [{ ...finding, document: { text: '', line: 0 } }], notes: [] };
}

/** Checks the resources of a file; what follows a document that cannot be decoded is not read. */
export function checkFile(file: string, text: string, options: OfflineOptions = {}): FileReport {
  const { documents, fault } = splitDocuments(text);
  const findings: FileFinding[] = [];
  const notes: string[] = [];
  const fail = (document: YamlDocument, message: string, line: number, column: number): FileReport => {
    const position = { line, column };
    const lead = `failed to decode file ${file}: `;
    findings.push({
      severity: 'error',
      code: 'document-decode',
      message,
      text: `${lead} ${message}`,
      document,
      position,
    });
    return { file, findings, notes };
  };
  for (const document of documents) {
    const resource = decode(document);
    if (resource instanceof YamlError) return fail(document, resource.message, resource.line, resource.column);
    const report = checkResource(resource, options);
    notes.push(...report.notes);
    if (report.findings.length === 0) continue;
    const name = nameOf(resource);
    const lead = `${name.kind}/${name.namespace}/${name.name}:`;
    for (const finding of report.findings) {
      findings.push({ ...finding, text: `${lead} ${finding.message}`, document, resource: name });
    }
  }
  if (fault === undefined) return { file, findings, notes };
  return fail({ text: '', line: fault.line }, fault.message, 1, 1);
}

function decode({ text }: YamlDocument): Resource | YamlError {
  try {
    const value = decodeYamlStrict(text) ?? {};
    if (isMap(value)) return value;
    const kind = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
    const message = `error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${kind} into Go value of type map[string]interface {}`;
    return new YamlError(message, 1, 1);
  } catch (error) {
    if (error instanceof YamlError) return error;
    throw error;
  }
}

function nameOf(resource: Resource): { kind: string; namespace: string; name: string } {
  return {
    kind: textAt(resource, 'kind'),
    namespace: textAt(resource, 'metadata', 'namespace'),
    name: textAt(resource, 'metadata', 'name'),
  };
}
