import type { Submodel } from '../environment.ts';
import { propertiesOf, property, type CanonicalProperty } from './canonical.ts';
import { childrenOf, elementsOf, pick, pickAll, textOf, type Placed, type ReadScope } from './elements.ts';
import { readFields, textValue, type Fields } from './fields.ts';

/** A marking such as CE, with its certificate. */
export interface Marking {
  readonly name: string | null;
  readonly certificate: string | null;
  readonly issueDate: string | null;
  readonly expiryDate: string | null;
  readonly file: string | null;
  readonly additionalText: string | null;
}

/** What a nameplate says. Texts by language where the template has languages. */
export interface Nameplate {
  readonly properties: readonly CanonicalProperty[];
  readonly address: Readonly<Record<string, string>> | null;
  readonly markings: readonly Marking[];
}

const texts = 'texts' as const;

/** Versions 1.0 to 3.0 name and identify their elements differently; a field has all its names. */
const fields = {
  uriOfTheProduct: { term: 'nameplate.uriOfTheProduct', names: ['URIOfTheProduct'] },
  manufacturerName: { term: 'nameplate.manufacturerName', names: ['ManufacturerName'], as: texts },
  manufacturerProductDesignation: {
    term: 'nameplate.manufacturerProductDesignation',
    names: ['ManufacturerProductDesignation'],
    as: texts,
  },
  manufacturerProductRoot: {
    term: 'nameplate.manufacturerProductRoot',
    names: ['ManufacturerProductRoot'],
    as: texts,
  },
  manufacturerProductFamily: {
    term: 'nameplate.manufacturerProductFamily',
    names: ['ManufacturerProductFamily'],
    as: texts,
  },
  manufacturerProductType: {
    term: 'nameplate.manufacturerProductType',
    names: ['ManufacturerProductType'],
    as: 'text',
  },
  orderCode: { term: 'nameplate.orderCode', names: ['OrderCodeOfManufacturer'], as: 'text' },
  articleNumber: {
    term: 'nameplate.articleNumber',
    names: ['ProductArticleNumberOfManufacturer'],
    as: 'text',
  },
  serialNumber: { term: 'nameplate.serialNumber', names: ['SerialNumber'], as: 'text' },
  yearOfConstruction: { term: 'nameplate.yearOfConstruction', names: ['YearOfConstruction'], as: 'text' },
  dateOfManufacture: { term: 'nameplate.dateOfManufacture', names: ['DateOfManufacture'], as: 'text' },
  hardwareVersion: { term: 'nameplate.hardwareVersion', names: ['HardwareVersion'], as: 'text' },
  firmwareVersion: { term: 'nameplate.firmwareVersion', names: ['FirmwareVersion'], as: 'text' },
  softwareVersion: { term: 'nameplate.softwareVersion', names: ['SoftwareVersion'], as: 'text' },
  countryOfOrigin: { term: 'nameplate.countryOfOrigin', names: ['CountryOfOrigin'], as: 'text' },
  uniqueFacilityIdentifier: {
    term: 'nameplate.uniqueFacilityIdentifier',
    names: ['UniqueFacilityIdentifier'],
    as: 'text',
  },
  companyLogo: { term: 'nameplate.companyLogo', names: ['CompanyLogo'], as: 'text' },
} as const satisfies Fields;

const addressFields = {
  company: { term: 'address.company', names: ['Company'], as: 'text' },
  department: { term: 'address.department', names: ['Department'], as: 'text' },
  street: { term: 'address.street', names: ['Street'], as: 'text' },
  zipCode: { term: 'address.zipCode', names: ['Zipcode', 'ZipCode', 'Zip'], as: 'text' },
  city: { term: 'address.city', names: ['CityTown'], as: 'text' },
  stateCounty: { term: 'address.stateCounty', names: ['StateCounty'], as: 'text' },
  country: { term: 'address.country', names: ['NationalCode', 'CountryCode', 'Country'], as: 'text' },
} as const satisfies Fields;

const markingFields = {
  name: { term: 'marking.name', names: ['MarkingName'], as: 'text' },
  certificate: { term: 'marking.certificate', names: ['DesignationOfCertificateOrApproval'], as: 'text' },
  issueDate: { term: 'marking.issueDate', names: ['IssueDate'], as: 'text' },
  expiryDate: { term: 'marking.expiryDate', names: ['ExpiryDate'], as: 'text' },
  file: { term: 'marking.file', names: ['MarkingFile'], as: 'text' },
  additionalText: { term: 'marking.additionalText', names: ['MarkingAdditionalText'], as: 'text' },
} as const satisfies Fields;

/**
 * Reads a Digital Nameplate (ZVEI 1.0, IDTA 02006 2.0 and 3.0).
 * @see IDTA 02006-3-0, Digital Nameplate for Industrial Equipment
 */
export function readNameplate(submodel: Submodel, pointer: string, scope: ReadScope): Nameplate {
  const elements = elementsOf(submodel, pointer);
  const found = readFields(elements, fields, scope);
  for (const required of ['manufacturerName', 'manufacturerProductDesignation'] as const)
    if (!found[required])
      scope.report('hub:nameplateIncomplete', pointer, `The nameplate has no ${fields[required].names[0]}.`);
  const address = readAddress(
    pick(elements, 'nameplate.address', 'AddressInformation') ?? named(elements, 'ContactInformation'),
    scope,
  );
  const markings = readMarkings(elements, scope);
  return {
    properties: [
      ...propertiesOf('nameplate', found),
      ...(address ? [property('nameplate.address', 'object', address)] : []),
      ...(markings.length ? [property('nameplate.markings', 'object', markings)] : []),
    ],
    address,
    markings,
  };
}

function named(elements: readonly Placed[], name: string): Placed | null {
  return elements.find(({ element }) => element.idShort === name) ?? null;
}

function readAddress(placed: Placed | null, scope: ReadScope): Readonly<Record<string, string>> | null {
  if (!placed) return null;
  const found = readFields(childrenOf(placed), addressFields, scope);
  const entries = Object.entries(found).flatMap(([name, field]) => {
    const text = textValue(field);
    return text === null ? [] : [[name, text] as const];
  });
  return entries.length ? Object.fromEntries(entries) : null;
}

function readMarkings(elements: readonly Placed[], scope: ReadScope): Marking[] {
  const holder = pick(elements, 'nameplate.markings', 'Markings');
  return (holder ? childrenOf(holder) : []).map((marking) => {
    const inside = childrenOf(marking);
    const found = readFields(inside, markingFields, scope);
    const additional = pickAll(inside, 'marking.additionalText', 'MarkingAdditionalText');
    return {
      name: textValue(found.name),
      certificate: textValue(found.certificate),
      issueDate: textValue(found.issueDate),
      expiryDate: textValue(found.expiryDate),
      file: textValue(found.file),
      additionalText: additional.map(textOf).find((text) => text !== null) ?? null,
    };
  });
}
