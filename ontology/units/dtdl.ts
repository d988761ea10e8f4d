/**
 * Units and semantic types of DTDL, with the UCUM code of each unit. UCUM's binary prefixes end at Ti, so larger ones are
 * written as powers of 1024. `ton` stands among force units beside `ounce` and `pound`: the short ton's weight.
 *
 * @see DTDL QuantitativeTypes extension, versions 1 and 2 (the same units); DTDL version 2, Semantic types
 */
export const dtdlUnits = {
  AccelerationUnit: { centimetrePerSecondSquared: 'cm/s2', gForce: '[g]', metrePerSecondSquared: 'm/s2' },
  AngleUnit: { degreeOfArc: 'deg', minuteOfArc: "'", radian: 'rad', secondOfArc: "''", turn: 'circ' },
  AngularAccelerationUnit: { radianPerSecondSquared: 'rad/s2' },
  AngularVelocityUnit: {
    degreePerSecond: 'deg/s',
    radianPerSecond: 'rad/s',
    revolutionPerMinute: '{rev}/min',
    revolutionPerSecond: '{rev}/s',
  },
  ApparentEnergyUnit: {
    gigavoltAmpereHour: 'GV.A.h',
    kilovoltAmpereHour: 'kV.A.h',
    megavoltAmpereHour: 'MV.A.h',
    voltAmpereHour: 'V.A.h',
  },
  ApparentPowerUnit: {
    gigavoltAmpere: 'GV.A',
    kilovoltAmpere: 'kV.A',
    megavoltAmpere: 'MV.A',
    millivoltAmpere: 'mV.A',
    voltAmpere: 'V.A',
  },
  AreaUnit: {
    acre: '[acr_us]',
    hectare: 'har',
    squareCentimetre: 'cm2',
    squareFoot: '[sft_i]',
    squareInch: '[sin_i]',
    squareKilometre: 'km2',
    squareMetre: 'm2',
    squareMillimetre: 'mm2',
  },
  CapacitanceUnit: { farad: 'F', microfarad: 'uF', millifarad: 'mF', nanofarad: 'nF', picofarad: 'pF' },
  ChargeUnit: { ampereHour: 'A.h', coulomb: 'C', milliampereHour: 'mA.h' },
  CurrentUnit: { ampere: 'A', kiloampere: 'kA', microampere: 'uA', milliampere: 'mA' },
  DataRateUnit: {
    bitPerSecond: 'bit/s',
    bytePerSecond: 'By/s',
    exbibitPerSecond: '1024.1024.Tibit/s',
    exbibytePerSecond: '1024.1024.TiBy/s',
    gibibitPerSecond: 'Gibit/s',
    gibibytePerSecond: 'GiBy/s',
    kibibitPerSecond: 'Kibit/s',
    kibibytePerSecond: 'KiBy/s',
    mebibitPerSecond: 'Mibit/s',
    mebibytePerSecond: 'MiBy/s',
    tebibitPerSecond: 'Tibit/s',
    tebibytePerSecond: 'TiBy/s',
    yobibitPerSecond: '1024.1024.1024.1024.Tibit/s',
    yobibytePerSecond: '1024.1024.1024.1024.TiBy/s',
    zebibitPerSecond: '1024.1024.1024.Tibit/s',
    zebibytePerSecond: '1024.1024.1024.TiBy/s',
  },
  DataSizeUnit: {
    bit: 'bit',
    byte: 'By',
    exbibit: '1024.1024.Tibit',
    exbibyte: '1024.1024.TiBy',
    gibibit: 'Gibit',
    gibibyte: 'GiBy',
    kibibit: 'Kibit',
    kibibyte: 'KiBy',
    mebibit: 'Mibit',
    mebibyte: 'MiBy',
    tebibit: 'Tibit',
    tebibyte: 'TiBy',
    yobibit: '1024.1024.1024.1024.Tibit',
    yobibyte: '1024.1024.1024.1024.TiBy',
    zebibit: '1024.1024.1024.Tibit',
    zebibyte: '1024.1024.1024.TiBy',
  },
  DensityUnit: {
    gramPerCubicMetre: 'g/m3',
    kilogramPerCubicMetre: 'kg/m3',
    microgramPerCubicMetre: 'ug/m3',
    milligramPerCubicMetre: 'mg/m3',
  },
  EnergyUnit: {
    britishThermalUnit: '[Btu_IT]',
    electronvolt: 'eV',
    gigajoule: 'GJ',
    gigawattHour: 'GW.h',
    joule: 'J',
    kiloBritishThermalUnit: '10*3.[Btu_IT]',
    kilojoule: 'kJ',
    kilowattHour: 'kW.h',
    megaelectronvolt: 'MeV',
    megajoule: 'MJ',
    megawattHour: 'MW.h',
    milliwattHour: 'mW.h',
    terawattHour: 'TW.h',
    wattHour: 'W.h',
  },
  ForceUnit: { newton: 'N', ounce: '[oz_av].[g]', pound: '[lbf_av]', ton: '[ston_av].[g]' },
  FrequencyUnit: { gigahertz: 'GHz', hertz: 'Hz', kilohertz: 'kHz', megahertz: 'MHz', millihertz: 'mHz' },
  IlluminanceUnit: { footcandle: 'lm/[sft_i]', lux: 'lx' },
  InductanceUnit: { henry: 'H', microhenry: 'uH', millihenry: 'mH' },
  IonizingRadiationDoseUnit: {
    gray: 'Gy',
    microgray: 'uGy',
    microsievert: 'uSv',
    milligray: 'mGy',
    millisievert: 'mSv',
    sievert: 'Sv',
  },
  IrradianceUnit: { wattPerSquareMetre: 'W/m2' },
  LengthUnit: {
    astronomicalUnit: 'AU',
    centimetre: 'cm',
    foot: '[ft_i]',
    inch: '[in_i]',
    kilometre: 'km',
    metre: 'm',
    micrometre: 'um',
    mile: '[mi_i]',
    millimetre: 'mm',
    nanometre: 'nm',
    nauticalMile: '[nmi_i]',
  },
  LuminanceUnit: { candelaPerSquareMetre: 'cd/m2' },
  LuminousFluxUnit: { lumen: 'lm' },
  LuminousIntensityUnit: { candela: 'cd' },
  MagneticFluxUnit: { maxwell: 'Mx', weber: 'Wb' },
  MagneticInductionUnit: { gauss: 'G', tesla: 'T' },
  MassFlowRateUnit: {
    gramPerHour: 'g/h',
    gramPerSecond: 'g/s',
    kilogramPerHour: 'kg/h',
    kilogramPerSecond: 'kg/s',
    massPoundPerHour: '[lb_av]/h',
  },
  MassUnit: {
    gram: 'g',
    kilogram: 'kg',
    massPound: '[lb_av]',
    microgram: 'ug',
    milligram: 'mg',
    slug: '[lbf_av].s2/[ft_i]',
    tonne: 't',
  },
  PowerUnit: {
    britishThermalUnitPerHour: '[Btu_IT]/h',
    gigajoulePerHour: 'GJ/h',
    gigawatt: 'GW',
    horsepower: '[HP]',
    joulePerHour: 'J/h',
    joulePerSecond: 'J/s',
    kiloBritishThermalUnitPerHour: '10*3.[Btu_IT]/h',
    kilojoulePerHour: 'kJ/h',
    kilojoulePerSecond: 'kJ/s',
    kilowatt: 'kW',
    kilowattHourPerYear: 'kW.h/a',
    megajoulePerHour: 'MJ/h',
    megawatt: 'MW',
    microwatt: 'uW',
    milliwatt: 'mW',
    tonOfRefrigeration: '12000.[Btu_IT]/h',
    watt: 'W',
  },
  PressureUnit: {
    bar: 'bar',
    decapascal: 'daPa',
    hectopascal: 'hPa',
    inchesOfMercury: "[in_i'Hg]",
    inchesOfWater: "[in_i'H2O]",
    kilopascal: 'kPa',
    millibar: 'mbar',
    millimetresOfMercury: 'mm[Hg]',
    pascal: 'Pa',
    poundPerSquareInch: '[psi]',
  },
  RadioactivityUnit: { becquerel: 'Bq', gigabecquerel: 'GBq', kilobecquerel: 'kBq', megabecquerel: 'MBq' },
  ReactiveEnergyUnit: {
    gigavoltAmpereReactiveHour: 'GV.A.h{reactive}',
    kilovoltAmpereReactiveHour: 'kV.A.h{reactive}',
    megavoltAmpereReactiveHour: 'MV.A.h{reactive}',
    voltAmpereReactiveHour: 'V.A.h{reactive}',
  },
  ReactivePowerUnit: {
    gigavoltAmpereReactive: 'GV.A{reactive}',
    kilovoltAmpereReactive: 'kV.A{reactive}',
    megavoltAmpereReactive: 'MV.A{reactive}',
    millivoltAmpereReactive: 'mV.A{reactive}',
    voltAmpereReactive: 'V.A{reactive}',
  },
  ResistanceUnit: { kiloohm: 'kOhm', megaohm: 'MOhm', milliohm: 'mOhm', ohm: 'Ohm' },
  SoundPressureUnit: { bel: 'B[SPL]', decibel: 'dB[SPL]' },
  TemperatureUnit: { degreeCelsius: 'Cel', degreeFahrenheit: '[degF]', kelvin: 'K' },
  TimeUnit: {
    day: 'd',
    hour: 'h',
    microsecond: 'us',
    millisecond: 'ms',
    minute: 'min',
    nanosecond: 'ns',
    second: 's',
    year: 'a',
  },
  TorqueUnit: { newtonMetre: 'N.m' },
  Unitless: {
    partsPerBillion: '[ppb]',
    partsPerMillion: '[ppm]',
    partsPerQuadrillion: '10*-15',
    partsPerTrillion: '[pptr]',
    percent: '%',
    unity: '1',
  },
  VelocityUnit: {
    centimetrePerSecond: 'cm/s',
    kilometrePerHour: 'km/h',
    kilometrePerSecond: 'km/s',
    knot: '[kn_i]',
    metrePerHour: 'm/h',
    metrePerSecond: 'm/s',
    milePerHour: '[mi_i]/h',
    milePerSecond: '[mi_i]/s',
  },
  VoltageUnit: { kilovolt: 'kV', megavolt: 'MV', microvolt: 'uV', millivolt: 'mV', volt: 'V' },
  VolumeFlowRateUnit: {
    cubicFootPerMinute: '[cft_i]/min',
    cubicMetrePerHour: 'm3/h',
    cubicMetrePerMinute: 'm3/min',
    cubicMetrePerSecond: 'm3/s',
    gallonPerHour: '[gal_us]/h',
    gallonPerMinute: '[gal_us]/min',
    litrePerHour: 'L/h',
    litrePerMinute: 'L/min',
    litrePerSecond: 'L/s',
    millilitrePerHour: 'mL/h',
    millilitrePerMinute: 'mL/min',
    millilitrePerSecond: 'mL/s',
  },
  VolumeUnit: {
    cubicCentimetre: 'cm3',
    cubicFoot: '[cft_i]',
    cubicInch: '[cin_i]',
    cubicMetre: 'm3',
    fluidOunce: '[foz_us]',
    gallon: '[gal_us]',
    litre: 'L',
    millilitre: 'mL',
  },
} as const satisfies Record<string, Record<string, string>>;

export type DtdlUnitType = keyof typeof dtdlUnits;

/**
 * Units that came with version 3 of the extension, readable only: models written by the hub carry version 1.
 *
 * @see DTDL QuantitativeTypes extension, version 3
 */
export const dtdlUnits3 = {
  AccelerationUnit: { kilometrePerSecondSquared: 'km/s2', millimetrePerSecondSquared: 'mm/s2' },
  ApparentEnergyUnit: { millivoltAmpereHour: 'mV.A.h' },
  CurrentUnit: { nanoampere: 'nA', picoampere: 'pA' },
  DynamicViscosityUnit: {
    centipoise: 'cP',
    millipascalSecond: 'mPa.s',
    millipoise: 'mP',
    pascalSecond: 'Pa.s',
    poise: 'P',
  },
  GasLeakageRateUnit: {
    decapascalCubicMetrePerSecond: 'daPa.m3/s',
    hectopascalCubicMetrePerSecond: 'hPa.m3/s',
    kilopascalCubicMetrePerSecond: 'kPa.m3/s',
    pascalCubicMetrePerSecond: 'Pa.m3/s',
  },
  KinematicViscosityUnit: { centistokes: 'cSt', squareMetrePerSecond: 'm2/s', stokes: 'St' },
  ReciprocalLengthUnit: {
    reciprocalCentimetre: 'cm-1',
    reciprocalKilometre: 'km-1',
    reciprocalMetre: 'm-1',
    reciprocalMicrometre: 'um-1',
    reciprocalMillimetre: 'mm-1',
    reciprocalNanometre: 'nm-1',
  },
  ReciprocalTimeUnit: { reciprocalMinute: 'min-1', reciprocalSecond: 's-1' },
  VelocityUnit: { millimetrePerSecond: 'mm/s' },
  VolumeFlowRateUnit: { cubicCentimetrePerMinute: 'cm3/min', cubicCentimetrePerSecond: 'cm3/s' },
} as const satisfies Record<string, Record<string, string>>;

/** Semantic type to unit type, where the name is not just the type's name followed by `Unit`. */
const otherUnitTypes: Readonly<Record<string, DtdlUnitType>> = {
  Concentration: 'Unitless',
  Distance: 'LengthUnit',
  ElectricCharge: 'ChargeUnit',
  EnergyRate: 'PowerUnit',
  Humidity: 'DensityUnit',
  Latitude: 'AngleUnit',
  Longitude: 'AngleUnit',
  Luminosity: 'PowerUnit',
  RelativeDensity: 'Unitless',
  RelativeHumidity: 'Unitless',
  Thrust: 'ForceUnit',
  TimeSpan: 'TimeUnit',
};

const semanticTypes = new Map<string, DtdlUnitType>([
  ...(Object.keys(dtdlUnits) as DtdlUnitType[])
    .filter((type) => type.endsWith('Unit') && type !== 'ChargeUnit' && type !== 'TimeUnit')
    .map((type) => [type.slice(0, -'Unit'.length), type] as const),
  ...Object.entries(otherUnitTypes),
]);

interface DtdlUnit {
  readonly unitType: DtdlUnitType | keyof typeof dtdlUnits3;
  readonly ucum: string;
}

const units = new Map<string, DtdlUnit>(
  [dtdlUnits, dtdlUnits3].flatMap((table) =>
    Object.entries(table).flatMap(([type, codes]) =>
      Object.entries(codes as Record<string, string>).map(
        ([term, ucum]) => [term, { unitType: type as DtdlUnit['unitType'], ucum }] as const,
      ),
    ),
  ),
);

/** The unit type a semantic type takes, e.g. `TemperatureUnit` for `Temperature`; `null` when it is no semantic type. */
export function unitTypeOf(semanticType: string): DtdlUnitType | null {
  return semanticTypes.get(semanticType) ?? null;
}

/** A DTDL unit of any version: its unit type and its UCUM code; `null` for a term that is no unit. */
export function dtdlUnit(term: string): DtdlUnit | null {
  return units.get(term) ?? null;
}

/** Every semantic type, for documentation and tests. */
export const dtdlSemanticTypes: readonly string[] = [...semanticTypes.keys()];
