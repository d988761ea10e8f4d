/** Tags that were registered before the grammar and do not follow it. @see RFC 5646, section 2.1, grandfathered */
const grandfathered = new Set(
  (
    'en-GB-oed i-ami i-bnn i-default i-enochian i-hak i-klingon i-lux i-mingo i-navajo i-pwn i-tao i-tay i-tsu ' +
    'sgn-BE-FR sgn-BE-NL sgn-CH-DE art-lojban cel-gaulish no-bok no-nyn zh-guoyu zh-hakka zh-min zh-min-nan zh-xiang'
  ).split(' '),
);

const language = /^[a-zA-Z]{2,8}$/;
const extended = /^[a-zA-Z]{3}$/;
const script = /^[a-zA-Z]{4}$/;
const region = /^(?:[a-zA-Z]{2}|[0-9]{3})$/;
const variant = /^(?:[a-zA-Z0-9]{5,8}|[0-9][a-zA-Z0-9]{3})$/;
const singleton = /^[0-9a-wy-zA-WY-Z]$/;
const extensionPart = /^[a-zA-Z0-9]{2,8}$/;
const privatePart = /^[a-zA-Z0-9]{1,8}$/;

/** Whether a text is a language tag by its form; whether its parts are registered is not asked. @see BCP 47 */
export function isLanguageTag(text: string): boolean {
  if (grandfathered.has(text)) return true;
  const parts = text.split('-');
  const one = (at: number, form: RegExp): number => (form.test(parts[at] ?? '') ? at + 1 : at);
  const many = (at: number, form: RegExp, most = Infinity): number => {
    let end = at;
    while (end - at < most && end < parts.length && form.test(parts[end] ?? '')) end++;
    return end;
  };
  const privateUse = (at: number): number => {
    if (!/^[xX]$/.test(parts[at] ?? '')) return at;
    const end = many(at + 1, privatePart);
    return end > at + 1 ? end : at;
  };
  if (privateUse(0) === parts.length) return true;
  const first = parts[0] ?? '';
  if (!language.test(first)) return false;
  let at = first.length <= 3 ? many(1, extended, 3) : 1;
  at = many(one(one(at, script), region), variant);
  while (singleton.test(parts[at] ?? '')) {
    const end = many(at + 1, extensionPart);
    if (end === at + 1) return false;
    at = end;
  }
  return privateUse(at) === parts.length;
}

/** Whether a language tag stands for English. @see AASc-3a-002, AASc-3a-008 */
export function isEnglish(tag: string): boolean {
  return /^(?:en|EN)(?:-|$)/.test(tag);
}
