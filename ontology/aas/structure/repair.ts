/** The literal that a text stands for when only its prefix or the case of its letters differ; `undefined` when none does. */
export function repairedLiteral(text: string, literals: ReadonlySet<string>): string | undefined {
  const wanted = bare(text);
  return [...literals].find((literal) => bare(literal) === wanted);
}

function bare(text: string): string {
  return text
    .trim()
    .replace(/^xsd?:/i, '')
    .toLowerCase();
}
