import { XMLBuilder, XMLParser, XMLValidator } from 'fast-xml-parser';
import type { HttpResponse } from '../contract.js';
import { S3Error } from './s3-error.js';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';
const MAX_DOCUMENT_BYTES = 2 * 1024 * 1024;

const builder = new XMLBuilder({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  // Escaped by escapeText, which also writes what XML would swallow or forbid.
  processEntities: false,
  tagValueProcessor: (_name, value) => escapeText(String(value)),
});

const parser = new XMLParser({
  parseTagValue: false,
  trimValues: false,
  htmlEntities: true,
  isArray: (name) => name === 'Object' || name === 'Part',
});

/** A document as elements by name; a list repeats its element, `undefined` leaves it out. */
export type XmlElements = { readonly [name: string]: XmlValue };
/** What an element holds. */
type XmlValue = string | number | boolean | XmlElements | readonly XmlElements[] | undefined;

/** Answers with an S3 document. */
export const xmlResponse = (
  root: string,
  elements: XmlElements,
  options: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {},
): HttpResponse => {
  const document = builder.build({ [root]: { '@xmlns': NAMESPACE, ...elements } });
  return xml(options.status ?? 200, document, options.headers);
};

/** Answers with S3's error document; an answer to HEAD has only the status, as on the wire of S3. */
export const errorResponse = (
  error: S3Error,
  method: string,
  resource: string,
  requestId: string,
): HttpResponse => {
  if (method === 'HEAD') return { status: error.status, headers: { 'content-length': '0' } };
  const elements = {
    Code: error.code,
    Message: error.message,
    ...error.details,
    Resource: resource,
    RequestId: requestId,
  };
  return xml(error.status, builder.build({ Error: elements }), {});
};

/** Reads a request's document. @throws S3Error `MalformedXML` */
export const parseDocument = (body: Uint8Array, root: string): Record<string, unknown> => {
  const text = Buffer.from(body).toString('utf8');
  // A document type could define entities; S3's documents have none.
  if (
    body.byteLength > MAX_DOCUMENT_BYTES ||
    text.includes('<!DOCTYPE') ||
    XMLValidator.validate(text) !== true
  ) {
    throw new S3Error('MalformedXML');
  }
  const parsed: unknown = (parser.parse(text) as Record<string, unknown>)[root];
  if (typeof parsed !== 'object' || parsed === null) throw new S3Error('MalformedXML');
  return parsed as Record<string, unknown>;
};

/** The elements of that name in a parsed document; those that are repeated come as a list. */
export const elementsOf = (parent: Record<string, unknown>, name: string): Record<string, unknown>[] => {
  const children = parent[name];
  if (!Array.isArray(children)) return [];
  return children.map((child: unknown) =>
    typeof child === 'object' && child !== null ? (child as Record<string, unknown>) : {},
  );
};

/** The text of an element; `undefined` when there is none. */
export const textOf = (parent: Record<string, unknown>, name: string): string | undefined => {
  const text = parent[name];
  return typeof text === 'string' ? text : undefined;
};

const xml = (
  status: number,
  document: string,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse => {
  const body = Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${document}`);
  return {
    status,
    headers: { 'content-type': 'application/xml', 'content-length': String(body.byteLength), ...headers },
    body,
  };
};

const NAMED_ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Control characters become references, as S3 writes them; a bare carriage return would be read as a line feed. */
const escapeText = (text: string): string =>
  text.replace(
    /[&<>"'\ufffe\uffff]|(?![\t\n])\p{Cc}/gu,
    (character) => NAMED_ENTITIES[character] ?? `&#x${character.charCodeAt(0).toString(16)};`,
  );
