import type { FindingSink } from '../import-finding.ts';
import { pointerTo } from '../json-pointer.ts';
import type { JsonNode } from '../json-text.ts';
import { dtdlVersions, type DtdlVersion } from './dtmi.ts';

/** What the `@context` of an element and of those above it switches on. */
export interface Context {
  readonly version: DtdlVersion;
  /** Semantic types and units. */
  readonly quantitative: boolean;
  /** The hub's own extension for what DTDL cannot say. @see README.md of this folder */
  readonly measurement: boolean;
  /** Terms that are not defined here may belong to an extension that is kept but not read. */
  readonly open: boolean;
}

/** The context of the hub's own extension. */
export const measurementContext = 'dtmi:twinhub:extension:measurement;1';

type Use = 'quantitative' | 'measurement' | 'kept';
interface Extension {
  readonly use: Use;
  /** Version of the extension to the versions of DTDL it goes with. */
  readonly versions: Readonly<Record<string, readonly DtdlVersion[]>>;
}

const extensions: Readonly<Record<string, Extension>> = {
  'dtmi:dtdl:extension:quantitativeTypes': { use: 'quantitative', versions: { 1: [3], 2: [4], 3: [4] } },
  'dtmi:twinhub:extension:measurement': { use: 'measurement', versions: { 1: [3, 4] } },
  'dtmi:dtdl:extension:annotation': { use: 'kept', versions: { 1: [3], 2: [4] } },
  'dtmi:dtdl:extension:historization': { use: 'kept', versions: { 1: [3], 2: [4] } },
  'dtmi:dtdl:extension:overriding': { use: 'kept', versions: { 1: [3], 2: [4] } },
  'dtmi:dtdl:extension:mqtt': { use: 'kept', versions: { 1: [3], 2: [4], 3: [4], 4: [4] } },
  'dtmi:dtdl:extension:requirement': { use: 'kept', versions: { 1: [4], 2: [4] } },
  'dtmi:dtdl:limits:onvif': { use: 'kept', versions: { 1: [4] } },
  'dtmi:dtdl:limits:aio': { use: 'kept', versions: { 1: [4] } },
};

const languageContext = /^dtmi:dtdl:context;(\d+)(?:\.\d+)?$/;

/**
 * Reads a `@context`.
 * @param outer - the context of the element above; `null` for a top-level element, which must name the language.
 * @returns `null` when nothing below can be read; the reason is among the findings.
 */
export function readContext(
  node: JsonNode | undefined,
  pointer: string,
  outer: Context | null,
  sink: FindingSink,
): Context | null {
  if (!node) {
    if (!outer)
      sink.error(
        'missingContext',
        pointer,
        'The element has no @context; add "dtmi:dtdl:context;3" or another version of DTDL.',
      );
    return outer;
  }
  const at = pointerTo(pointer, '@context');
  const parts = node.kind === 'array' ? node.items : [node];
  if (!parts.length) {
    sink.error(
      'emptyContext',
      at,
      '@context is empty; add "dtmi:dtdl:context;3" or another version of DTDL.',
    );
    return outer;
  }
  const texts = parts.map((part) =>
    part.kind === 'scalar' && typeof part.value === 'string' ? part.value : null,
  );
  const named = texts[0] == null ? null : languageContext.exec(texts[0]);
  const version = named ? dtdlVersions.find((known) => String(known) === named[1]) : outer?.version;
  if (version === undefined) {
    if (named)
      sink.error(
        'unrecognizedContextVersion',
        at,
        `${texts[0]} is not a version of DTDL known here; known are ${dtdlVersions.join(', ')}.`,
      );
    else
      sink.error(
        'missingDtdlContext',
        at,
        'The first value of @context has to be a version of DTDL, such as "dtmi:dtdl:context;3".',
      );
    return null;
  }
  // Semantic types belong to the language itself in version 2.
  let context: Context =
    outer && !named
      ? outer
      : { version, quantitative: version === 2, measurement: false, open: version === 2 };
  for (const [i, text] of texts.entries()) {
    if (i === 0 && named) continue;
    context = withExtension(context, text, node.kind === 'array' ? pointerTo(at, i) : at, sink);
  }
  return context;
}

function withExtension(context: Context, text: string | null, at: string, sink: FindingSink): Context {
  if (text === null) {
    if (context.version === 2)
      sink.warn(
        'hub:localContextNotRead',
        at,
        'Local context definitions are kept in the source and not read.',
      );
    else
      sink.error(
        'disallowedLocalContext',
        at,
        `Local context definitions are not allowed in DTDL ${context.version}.`,
      );
    return context;
  }
  if (languageContext.test(text)) {
    sink.error(
      'dtdlContextFollowsAffiliate',
      at,
      'The version of DTDL has to be the first value of @context, once.',
    );
    return context;
  }
  const [name = '', version] = text.split(';');
  const extension = Object.hasOwn(extensions, name) ? extensions[name] : undefined;
  if (!extension) return unknownExtension(context, text, at, sink);
  if (version === undefined) {
    sink.error('missingContextVersion', at, `${text} needs a version, such as ${name};1.`);
    return context;
  }
  const goesWith = extension.versions[version];
  if (!goesWith) {
    sink.error(
      'unresolvableContextVersion',
      at,
      `${text} is not a version known here; known are ${Object.keys(extension.versions).join(', ')}.`,
    );
    return context;
  }
  if (!goesWith.includes(context.version)) {
    sink.error(
      'invalidContextSpecifierForVersion',
      at,
      `${text} goes with DTDL ${goesWith.join(', ')}, not with ${context.version}.`,
    );
    return context;
  }
  if (extension.use === 'kept') {
    sink.warn(
      'hub:extensionKept',
      at,
      `The extension ${text} is kept in the source; the hub neither checks nor uses it.`,
    );
    return { ...context, open: true };
  }
  return { ...context, [extension.use]: true };
}

function unknownExtension(context: Context, text: string, at: string, sink: FindingSink): Context {
  if (!text.startsWith('dtmi:')) sink.error('nonDtmiContextSpecifier', at, `${text} is not a DTMI.`);
  else if (context.version === 2)
    sink.warn(
      'unresolvableContextSpecifier',
      at,
      `The extension ${text} is not known; what it adds is kept in the source.`,
    );
  else
    sink.error(
      'unresolvableContextSpecifier',
      at,
      `The extension ${text} is not known; DTDL ${context.version} allows known ones only. Remove it, or ask for support.`,
    );
  return context.version === 2 ? { ...context, open: true } : context;
}
