/** The media types an answer to one operation may have. */
export const answerTypes = ['application/json', 'application/graphql-response+json'] as const;
export type AnswerType = (typeof answerTypes)[number];

interface AcceptedRange {
  readonly type: string;
  readonly quality: number;
}

/**
 * The media type to answer with: what the client prefers; among equals the newer one when it is named, else the one
 * every client reads.
 *
 * @returns `null` when the client accepts neither.
 * @see https://graphql.github.io/graphql-over-http/draft/#sec-Media-Types RFC 9110, 12.5.1
 */
export function negotiateAnswerType(accept: string | undefined): AnswerType | null {
  if (!accept) return 'application/json';
  const ranges = parseAccept(accept);
  const named = (type: AnswerType) => ranges.some((range) => range.type === type);
  const json = qualityOf('application/json', ranges);
  const graphql = qualityOf('application/graphql-response+json', ranges);
  if (!json && !graphql) return null;
  const newer = graphql > json || (graphql === json && named('application/graphql-response+json'));
  return newer ? 'application/graphql-response+json' : 'application/json';
}

/** Whether the client names a type that one answer may have, beside what else it takes. */
export function takesOneAnswer(accept: string | undefined): boolean {
  const ranges = parseAccept(accept ?? '');
  return answerTypes.some((type) => ranges.some((range) => range.type === type && range.quality > 0));
}

/** Quality of the most specific range that fits. */
function qualityOf(type: string, ranges: readonly AcceptedRange[]): number {
  const of = (wanted: string) => ranges.find((range) => range.type === wanted)?.quality;
  return of(type) ?? of('application/*') ?? of('*/*') ?? 0;
}

function parseAccept(accept: string): AcceptedRange[] {
  return accept.split(',').map((part) => {
    const [type = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    const given = parameters.find((parameter) => parameter.startsWith('q='));
    const quality = given === undefined ? 1 : Number(given.slice(2));
    return { type, quality: quality >= 0 && quality <= 1 ? quality : 0 };
  });
}
