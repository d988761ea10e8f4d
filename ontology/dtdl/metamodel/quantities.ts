/**
 * Semantic types and units: part of the language in DTDL 2, of the extension QuantitativeTypes in DTDL 3 and 4. `+`
 * marks what is not in DTDL 2, `++` what came with version 3 of the extension.
 *
 * @see DTDL Language Specification, version 2, Semantic types and units; DTDL.quantitativeTypes.v1 to v3
 */

/** Units by kind of unit. */
const units: Readonly<Record<string, string>> = {
  AccelerationUnit:
    'metrePerSecondSquared centimetrePerSecondSquared gForce kilometrePerSecondSquared++ millimetrePerSecondSquared++',
  AngleUnit: 'radian degreeOfArc minuteOfArc secondOfArc turn',
  AngularAccelerationUnit: 'radianPerSecondSquared',
  AngularVelocityUnit: 'radianPerSecond degreePerSecond revolutionPerSecond revolutionPerMinute',
  ApparentEnergyUnit:
    'voltAmpereHour+ kilovoltAmpereHour+ megavoltAmpereHour+ gigavoltAmpereHour+ millivoltAmpereHour++',
  ApparentPowerUnit: 'voltAmpere+ millivoltAmpere+ kilovoltAmpere+ megavoltAmpere+ gigavoltAmpere+',
  AreaUnit:
    'squareMetre squareCentimetre squareMillimetre squareKilometre hectare squareFoot squareInch acre',
  CapacitanceUnit: 'farad millifarad microfarad nanofarad picofarad',
  ChargeUnit: 'coulomb ampereHour+ milliampereHour+',
  CurrentUnit: 'ampere microampere milliampere kiloampere+ nanoampere++ picoampere++',
  DataRateUnit:
    'bitPerSecond kibibitPerSecond mebibitPerSecond gibibitPerSecond tebibitPerSecond exbibitPerSecond zebibitPerSecond yobibitPerSecond bytePerSecond kibibytePerSecond mebibytePerSecond gibibytePerSecond tebibytePerSecond exbibytePerSecond zebibytePerSecond yobibytePerSecond',
  DataSizeUnit:
    'bit kibibit mebibit gibibit tebibit exbibit zebibit yobibit byte kibibyte mebibyte gibibyte tebibyte exbibyte zebibyte yobibyte',
  DensityUnit: 'kilogramPerCubicMetre gramPerCubicMetre milligramPerCubicMetre+ microgramPerCubicMetre+',
  EnergyUnit:
    'joule kilojoule megajoule gigajoule electronvolt megaelectronvolt wattHour+ milliwattHour+ kilowattHour megawattHour+ gigawattHour+ terawattHour+ britishThermalUnit+ kiloBritishThermalUnit+',
  ForceUnit: 'newton pound ounce ton',
  FrequencyUnit: 'hertz millihertz+ kilohertz megahertz gigahertz',
  IlluminanceUnit: 'lux footcandle',
  InductanceUnit: 'henry millihenry microhenry',
  IonizingRadiationDoseUnit: 'gray+ milligray+ microgray+ sievert+ millisievert+ microsievert+',
  IrradianceUnit: 'wattPerSquareMetre+',
  LengthUnit:
    'metre centimetre millimetre micrometre nanometre kilometre foot inch mile nauticalMile astronomicalUnit',
  LuminanceUnit: 'candelaPerSquareMetre',
  LuminousFluxUnit: 'lumen',
  LuminousIntensityUnit: 'candela',
  MagneticFluxUnit: 'weber maxwell',
  MagneticInductionUnit: 'tesla gauss+',
  MassUnit: 'kilogram gram milligram microgram tonne slug massPound+',
  MassFlowRateUnit: 'gramPerSecond kilogramPerSecond gramPerHour kilogramPerHour massPoundPerHour+',
  PowerUnit:
    'watt microwatt milliwatt kilowatt megawatt gigawatt horsepower joulePerSecond+ kilojoulePerSecond+ joulePerHour+ kilojoulePerHour+ megajoulePerHour+ gigajoulePerHour+ britishThermalUnitPerHour+ kiloBritishThermalUnitPerHour+ kilowattHourPerYear tonOfRefrigeration+',
  PressureUnit:
    'pascal decapascal+ hectopascal+ kilopascal bar millibar millimetresOfMercury poundPerSquareInch inchesOfMercury inchesOfWater',
  RadioactivityUnit: 'becquerel+ kilobecquerel+ megabecquerel+ gigabecquerel+',
  ReactiveEnergyUnit:
    'voltAmpereReactiveHour+ kilovoltAmpereReactiveHour+ megavoltAmpereReactiveHour+ gigavoltAmpereReactiveHour+',
  ReactivePowerUnit:
    'voltAmpereReactive+ millivoltAmpereReactive+ kilovoltAmpereReactive+ megavoltAmpereReactive+ gigavoltAmpereReactive+',
  ResistanceUnit: 'ohm milliohm kiloohm megaohm',
  SoundPressureUnit: 'decibel bel',
  TemperatureUnit: 'kelvin degreeCelsius degreeFahrenheit',
  TimeUnit: 'second millisecond microsecond nanosecond minute hour day year',
  TorqueUnit: 'newtonMetre',
  Unitless: 'unity percent partsPerMillion+ partsPerBillion+ partsPerTrillion+ partsPerQuadrillion+',
  VelocityUnit:
    'metrePerSecond centimetrePerSecond kilometrePerSecond metrePerHour kilometrePerHour milePerHour milePerSecond knot millimetrePerSecond++',
  VoltageUnit: 'volt millivolt microvolt kilovolt megavolt',
  VolumeUnit: 'cubicMetre cubicCentimetre litre millilitre cubicFoot cubicInch fluidOunce gallon',
  VolumeFlowRateUnit:
    'litrePerSecond millilitrePerSecond litrePerMinute+ millilitrePerMinute+ litrePerHour millilitrePerHour gallonPerMinute+ gallonPerHour+ cubicFootPerMinute+ cubicMetrePerHour+ cubicMetrePerMinute+ cubicMetrePerSecond+ cubicCentimetrePerMinute++ cubicCentimetrePerSecond++',
  DynamicViscosityUnit: 'centipoise++ millipascalSecond++ millipoise++ pascalSecond++ poise++',
  KinematicViscosityUnit: 'centistokes++ squareMetrePerSecond++ stokes++',
  GasLeakageRateUnit:
    'decapascalCubicMetrePerSecond++ hectopascalCubicMetrePerSecond++ kilopascalCubicMetrePerSecond++ pascalCubicMetrePerSecond++',
  ReciprocalLengthUnit:
    'reciprocalCentimetre++ reciprocalKilometre++ reciprocalMetre++ reciprocalMicrometre++ reciprocalMillimetre++ reciprocalNanometre++',
  ReciprocalTimeUnit: 'reciprocalMinute++ reciprocalSecond++',
};

/** Semantic types by the kind of unit they need. */
const semanticTypes: Readonly<Record<string, string>> = {
  AccelerationUnit: 'Acceleration',
  AngleUnit: 'Angle Latitude Longitude',
  AngularAccelerationUnit: 'AngularAcceleration',
  AngularVelocityUnit: 'AngularVelocity',
  ApparentEnergyUnit: 'ApparentEnergy+',
  ApparentPowerUnit: 'ApparentPower+',
  AreaUnit: 'Area',
  CapacitanceUnit: 'Capacitance',
  Unitless:
    'Concentration+ RelativeDensity+ RelativeHumidity RelativeMeasure++ Scale++ Throttle++ Efficiency++',
  CurrentUnit: 'Current',
  DataRateUnit: 'DataRate',
  DataSizeUnit: 'DataSize',
  DensityUnit: 'Density Humidity',
  LengthUnit: 'Distance Length',
  ChargeUnit: 'ElectricCharge',
  EnergyUnit: 'Energy',
  PowerUnit: 'EnergyRate+ Luminosity Power',
  ForceUnit: 'Force Thrust',
  FrequencyUnit: 'Frequency',
  IlluminanceUnit: 'Illuminance',
  InductanceUnit: 'Inductance',
  IonizingRadiationDoseUnit: 'IonizingRadiationDose+',
  IrradianceUnit: 'Irradiance+',
  LuminanceUnit: 'Luminance',
  LuminousFluxUnit: 'LuminousFlux',
  LuminousIntensityUnit: 'LuminousIntensity',
  MagneticFluxUnit: 'MagneticFlux',
  MagneticInductionUnit: 'MagneticInduction',
  MassUnit: 'Mass',
  MassFlowRateUnit: 'MassFlowRate',
  PressureUnit: 'Pressure',
  RadioactivityUnit: 'Radioactivity+',
  ReactiveEnergyUnit: 'ReactiveEnergy+',
  ReactivePowerUnit: 'ReactivePower+',
  ResistanceUnit: 'Resistance',
  SoundPressureUnit: 'SoundPressure',
  TemperatureUnit: 'Temperature',
  TimeUnit: 'TimeSpan',
  TorqueUnit: 'Torque',
  VelocityUnit: 'Velocity',
  VoltageUnit: 'Voltage',
  VolumeUnit: 'Volume',
  VolumeFlowRateUnit: 'VolumeFlowRate',
  DynamicViscosityUnit: 'DynamicViscosity++',
  KinematicViscosityUnit: 'KinematicViscosity++',
  GasLeakageRateUnit: 'GasLeakageRate++',
  ReciprocalLengthUnit: 'ReciprocalLength++',
  ReciprocalTimeUnit: 'ReciprocalTime++',
};

const prefixes = {
  DecimalPrefix:
    'deci centi milli micro nano pico femto atto zepto yocto deca hecto kilo mega giga tera peta exa zetta yotta',
  BinaryPrefix: 'kibi mebi gibi tebi pebi exbi zebi yobi',
};

/** Which words: those of DTDL 2, of the extension up to version 2, or of its version 3. */
export type QuantityEdition = 0 | 1 | 3;

function wordsOf(text: string, edition: QuantityEdition): string[] {
  return text.split(' ').flatMap((word) => {
    const plus = word.length - word.replaceAll('+', '').length;
    const since = plus === 0 ? 0 : plus === 1 ? 1 : 3;
    return since <= edition ? [word.slice(0, word.length - plus)] : [];
  });
}

/** Units by kind of unit, prefixes left out. */
export function unitsOf(edition: QuantityEdition): ReadonlyMap<string, readonly string[]> {
  return new Map(
    Object.entries(units)
      .map(([kind, text]) => [kind, wordsOf(text, edition)] as const)
      .filter(([, words]) => words.length),
  );
}

/** The kind of unit of each semantic type. */
export function semanticTypesOf(edition: QuantityEdition): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(semanticTypes).flatMap(([kind, text]) =>
      wordsOf(text, edition).map((word) => [word, kind] as const),
    ),
  );
}

/** Prefixes of units by kind. DTDL 2 says deka where the extension says deca. */
export function prefixesOf(edition: QuantityEdition): ReadonlyMap<string, readonly string[]> {
  return new Map(
    Object.entries(prefixes).map(([kind, text]) => {
      const words = text.split(' ');
      return [kind, edition === 0 ? words.map((word) => (word === 'deca' ? 'deka' : word)) : words] as const;
    }),
  );
}
