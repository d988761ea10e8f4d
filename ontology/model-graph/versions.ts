const versionOf = /;(\d+)(?:\.(\d+))?$/;

/** A model's id without its version: what stays the same from one version to the next. */
export function versionless(id: string): string {
  return id.replace(versionOf, '');
}

/** Orders ids of one model by version, oldest first; without a version comes first. @see DTDL 3, Model Versioning */
export function compareVersions(a: string, b: string): number {
  const [first, second] = [a, b].map((id) => {
    const found = versionOf.exec(id);
    return [Number(found?.[1] ?? -1), Number(found?.[2] ?? -1)] as const;
  });
  return (first?.[0] ?? 0) - (second?.[0] ?? 0) || (first?.[1] ?? 0) - (second?.[1] ?? 0);
}
