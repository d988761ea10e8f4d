/** Every class with every member and every fault, in every version of the language: cases to compare readers with. */
import { extensions } from '#ontology/dtdl/metamodel/vocabulary.ts';
import { values, withMember } from './faults.ts';
import { contexts, extraTypes, ids, members } from './words.ts';
import { specimensOf, type Json, type Mutable, type Specimen } from './specimens.ts';

export interface DtdlCase {
  readonly name: string;
  readonly document: Json;
}

const versions = [2, 3, 4];

function* spoilt(specimen: Specimen): Generator<DtdlCase> {
  const title = `v${specimen.version} ${specimen.name}`;
  const make = (member: string, value: Json | undefined, fault: string): DtdlCase => {
    const { document, element } = specimen.make();
    withMember(element, member, value);
    return { name: `${title}: ${member} ${fault}`, document };
  };
  const { element } = specimen.make();
  for (const member of Object.keys(element)) yield make(member, undefined, 'missing');
  for (const member of members)
    for (const [fault, value] of Object.entries(values)) yield make(member, value(), fault);
  for (const id of ids) yield make('@id', id, JSON.stringify(id).slice(0, 40));
  for (const context of contexts) yield make('@context', context, JSON.stringify(context));
  const types = element['@type'] === undefined ? [] : [element['@type']];
  for (const extra of extraTypes) {
    yield make('@type', extra, extra);
    yield make('@type', [...types, extra], `and ${extra}`);
    yield make('@type', [extra, ...types], `${extra} before`);
  }
  yield* twice(specimen, title);
}

/** Each member as word and as identifier, and both at once. */
function* twice({ make, version }: Specimen, title: string): Generator<DtdlCase> {
  const { element } = make();
  for (const member of Object.keys(element).filter((name) => !name.startsWith('@')))
    for (const other of [2, 3, 4])
      for (const both of [false, true]) {
        const again = make();
        const value = again.element[member] as Json;
        if (!both) Reflect.deleteProperty(again.element, member);
        again.element[`dtmi:dtdl:property:${member};${other}`] = value;
        const fault = `${both ? 'and' : 'as'} identifier of ${other}`;
        yield { name: `${title}: ${member} ${fault} (v${version})`, document: again.document };
      }
}

/** Values that make the members of an adjunct right, by the last word of the member's identifier. */
const fitting: Readonly<Record<string, Json>> = {
  annotates: 'other',
  overrides: 'unit',
  ttl: 'PT5S',
  index: 1,
  payloadFormat: 'raw/0',
  commandTopic: 'a/{executorId}/b',
  telemetryTopic: 'a/b',
  cmdServiceGroupId: 'g',
  telemServiceGroupId: 'g',
};

/** Values tried on members of adjuncts beside all others. */
const adjunctValues: readonly Json[] = [
  'PT5S',
  'P1Y',
  'P1W',
  'PT',
  'P',
  '5',
  'PT1.5S',
  'P1.5D',
  'a//b',
  '/a',
  'a/#',
  'a/+',
  '$a/b',
  'a/{}',
  'a/{x}',
  'a/{x:y}',
  '{x}',
  'a b',
  'kelvin',
  'metre',
  'unity',
  'kelvin other',
  'dtmi:standard:unit:kelvin;2',
  ['kelvin', 'metre'],
  'dtmi:dtdl:extension:quantitativeTypes:v1:unit:kelvin',
  'unit',
  'writable',
  'schema',
  'other',
];

function* ofAdjuncts(specimen: Specimen): Generator<DtdlCase> {
  for (const [name, known] of extensions) {
    if (name.startsWith('dtmi:twinhub:')) continue;
    for (const [version, extension] of known)
      for (const adjunct of extension.adjuncts) {
        const context = `${name};${version}`;
        yield* onSpecimen(specimen, context, adjunct.uri.replace(/;\d+$/, '').split(':').at(-1) ?? '', [
          ...new Set(Object.keys(adjunct.properties)),
        ]);
      }
  }
}

function* onSpecimen(
  specimen: Specimen,
  context: string,
  type: string,
  properties: readonly string[],
): Generator<DtdlCase> {
  const words = properties.map((uri) => uri.replace(/;\d+$/, '').split(':').at(-1) ?? '');
  const title = `v${specimen.version} ${specimen.name} as ${type} of ${context}`;
  const make = (spoil: (element: Mutable) => void, fault: string): DtdlCase => {
    const { document, element } = specimen.make([context]);
    const before = element['@type'];
    element['@type'] = before === undefined ? ['Field', type] : [before as string, type];
    for (const word of words) if (fitting[word] !== undefined) element[word] = fitting[word];
    spoil(element);
    return { name: `${title}: ${fault}`, document };
  };
  yield make(() => undefined, 'as it is');
  const isSemantic = words.includes('unit') && type !== 'Temperature';
  if (isSemantic) return;
  for (const [i, word] of words.entries()) {
    yield make((element) => withMember(element, word, undefined), `${word} missing`);
    for (const value of adjunctValues)
      yield make((element) => withMember(element, word, value), `${word} ${JSON.stringify(value)}`);
    for (const [fault, value] of Object.entries(values))
      yield make((element) => withMember(element, word, value()), `${word} ${fault}`);
    yield make((element) => withMember(element, properties[i] ?? word, 'x'), `${word} as identifier too`);
  }
}

/** Cases with extensions of the oracle's version only: it does not know those that came later. */
const laterExtensions = /mqtt;[34]|quantitativeTypes;3|requirement;2|limits:aio|iotoperations/;

/** All cases; some 150,000. */
export function* allCases(): Generator<DtdlCase> {
  for (const version of versions) for (const specimen of specimensOf(version)) yield* spoilt(specimen);
  for (const version of versions)
    for (const specimen of specimensOf(version))
      for (const found of ofAdjuncts(specimen)) if (!laterExtensions.test(found.name)) yield found;
}
