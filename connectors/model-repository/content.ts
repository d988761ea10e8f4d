/** Whether a text is DTDL that defines the interface, or any when `id` is `null`. Says nothing about its rules. */
export function definesModel(content: string, id: string | null): boolean {
  let document: unknown;
  try {
    document = JSON.parse(content.replace(/^\uFEFF/, ''));
  } catch {
    return false;
  }
  const elements = Array.isArray(document) ? (document as readonly unknown[]) : [document];
  return elements.some(
    (element) =>
      typeof element === 'object' &&
      element !== null &&
      '@id' in element &&
      (id === null ? typeof element['@id'] === 'string' : element['@id'] === id),
  );
}
