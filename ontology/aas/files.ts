import { pointerTo } from '../json-pointer.ts';
import { namesOf, type Shell, type SubmodelElement } from './environment.ts';

/** A `File` element with a value: the name its property has, and the path or address of the file. */
export interface FileReference {
  /** `HandoverDocumentation.Document.0.DigitalFile`, as `flatten` names the property. */
  readonly element: string;
  readonly path: string;
  /** A media type as the model has it, `null` when it has none. */
  readonly contentType: string | null;
  /** Where the path stands. */
  readonly pointer: string;
}

/** Elements whose parts become properties, and the member that has them. */
const containers: Readonly<Record<string, 'value' | 'statements'>> = {
  SubmodelElementCollection: 'value',
  SubmodelElementList: 'value',
  Entity: 'statements',
};

/**
 * The files that the elements of a submodel refer to.
 * @param prefix - its name among the properties. @param pointer - where the elements stand
 */
export function filesOf(
  elements: readonly SubmodelElement[],
  prefix: string,
  pointer: string,
): readonly FileReference[] {
  const names = namesOf(elements);
  return elements.flatMap((element, i): readonly FileReference[] => {
    const name = `${prefix}.${names[i]}`;
    const { modelType, value, contentType = null } = element;
    const place = pointerTo(pointer, i);
    if (modelType === 'File')
      return typeof value === 'string' && value
        ? [{ element: name, path: value, contentType, pointer: pointerTo(place, 'value') }]
        : [];
    const member = Object.hasOwn(containers, modelType) ? containers[modelType] : undefined;
    const held = member ? element[member] : undefined;
    if (!member || !Array.isArray(held)) return [];
    return filesOf(held as SubmodelElement[], name, pointerTo(place, member));
  });
}

/** The picture of a shell's asset; `null` when it has none. */
export function thumbnailOf(shell: Shell, pointer: string): Omit<FileReference, 'element'> | null {
  const { path, contentType = null } = shell.assetInformation?.defaultThumbnail ?? {};
  const place = ['assetInformation', 'defaultThumbnail', 'path'].reduce(pointerTo, pointer);
  return path ? { path, contentType, pointer: place } : null;
}
