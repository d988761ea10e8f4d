import { approach, clamp } from './dynamics.ts';

/** A centrifugal pump of 11 kW on a frequency converter, cooling water. */
export const pumpData = {
  /** Head at zero flow and 50 Hz, m. */
  shutoffHead: 33,
  /** Head lost inside the pump, m per (m3/h)^2. */
  curve: 0.00125,
  /** Best efficiency point at 50 Hz, m3/h. */
  bestFlow: 80,
  bestEfficiency: 0.76,
  /** Static head of the system, m, and its friction, m per (m3/h)^2. */
  staticHead: 8,
  friction: 0.00266,
  /** Suction: pressure at rest, bar gauge; friction at 80 m3/h; further loss with the strainer blocked, bar. */
  suctionStatic: 0.25,
  suctionFriction: 0.25,
  strainerBlocked: 0.8,
  /** Required NPSH at 80 m3/h, m. */
  npshRequired: 7.5,
  /** Motor: 4 poles, rated slip, rated shaft power kW, efficiency of motor and converter, line voltage V. */
  polePairs: 2,
  ratedSlip: 0.018,
  ratedPower: 11,
  driveEfficiency: 0.885,
  voltage: 400,
} as const;

/** What moves slowly in the drive. */
export interface PumpDrive {
  /** Output of the converter, Hz. */
  readonly frequency: number;
}

/** What acts on the pump. Shares are 0 to 1. */
export interface PumpLoad {
  readonly running: boolean;
  /** Wanted flow as a share of nominal. */
  readonly demand: number;
  /** 0 new bearing, 1 severe damage. */
  readonly bearingWear: number;
  readonly impellerWear: number;
  /** How far the suction strainer is blocked. */
  readonly strainerClog: number;
}

/** One operating point. Flow m3/h, pressures bar gauge, speed 1/min, power kW (electrical), current A. */
export interface OperatingPoint {
  readonly flow: number;
  readonly suctionPressure: number;
  readonly dischargePressure: number;
  readonly head: number;
  readonly speed: number;
  readonly efficiency: number;
  readonly shaftPower: number;
  readonly power: number;
  readonly current: number;
  /** Shaft power as a share of rated. */
  readonly load: number;
  /** 0 none, 1 fully developed. */
  readonly cavitation: number;
}

export const initialDrive: PumpDrive = { frequency: 49 };

const metresPerBar = 10.2;

/** The converter follows the demand with a ramp; a stop is quick. */
export function stepDrive(drive: PumpDrive, load: PumpLoad, dtHours: number): PumpDrive {
  const target = load.running ? 50 * clamp(0.62 + 0.38 * load.demand, 0.7, 1) : 0;
  return { frequency: approach(drive.frequency, target, load.running ? 0.02 : 0.004, dtHours) };
}

/** Where pump curve (affinity laws) and system curve meet, and what follows from it. */
export function operatingPoint(drive: PumpDrive, load: PumpLoad): OperatingPoint {
  const ratio = drive.frequency / 50;
  if (ratio < 0.05) return standstill;
  const { flow, head, cavitation } = solveFlow(ratio, load);
  const suctionPressure = suctionAt(flow, load.strainerClog);
  const efficiency = efficiencyAt(flow, ratio, load, cavitation);
  const hydraulicPower = (9.81 * 0.998 * flow * head) / 3600;
  const mechanicalLoss = (0.25 + 0.5 * load.bearingWear ** 1.5) * ratio;
  const shaftPower = hydraulicPower / efficiency + mechanicalLoss;
  const share = shaftPower / pumpData.ratedPower;
  const power = shaftPower / pumpData.driveEfficiency;
  const slip = (pumpData.ratedSlip * share) / ratio ** 2;
  return {
    flow,
    head,
    suctionPressure,
    dischargePressure: suctionPressure + head / metresPerBar,
    speed: ((60 * drive.frequency) / pumpData.polePairs) * (1 - Math.min(slip, 0.06)),
    efficiency,
    shaftPower,
    power,
    current: (power * 1000) / (Math.sqrt(3) * pumpData.voltage * powerFactor(share)),
    load: share,
    cavitation,
  };
}

const standstill: OperatingPoint = {
  flow: 0,
  head: 0,
  suctionPressure: pumpData.suctionStatic,
  dischargePressure: pumpData.suctionStatic + 0.2,
  speed: 0,
  efficiency: 0,
  shaftPower: 0,
  power: 0,
  current: 0,
  load: 0,
  cavitation: 0,
};

function solveFlow(ratio: number, load: PumpLoad): { flow: number; head: number; cavitation: number } {
  const strainer = (pumpData.strainerBlocked * metresPerBar * load.strainerClog) / 80 ** 2;
  const shutoff = pumpData.shutoffHead * ratio ** 2 * (1 - 0.25 * load.impellerWear);
  const flowWith = (loss: number) =>
    Math.sqrt(
      Math.max(0, shutoff * (1 - loss) - pumpData.staticHead) /
        (pumpData.curve + pumpData.friction + strainer),
    );
  // Two rounds: cavitation depends on the flow and costs head, which lowers the flow.
  const first = cavitationAt(flowWith(0), load.strainerClog);
  const cavitation = cavitationAt(flowWith(0.08 * first), load.strainerClog);
  const flow = flowWith(0.08 * cavitation);
  return {
    flow,
    cavitation,
    head: Math.max(0, shutoff * (1 - 0.08 * cavitation) - pumpData.curve * flow ** 2),
  };
}

function suctionAt(flow: number, clog: number): number {
  return (
    pumpData.suctionStatic - (pumpData.suctionFriction + pumpData.strainerBlocked * clog) * (flow / 80) ** 2
  );
}

/** Begins when available NPSH falls below 1.3 times the required one. */
function cavitationAt(flow: number, clog: number): number {
  const available = (suctionAt(flow, clog) + 1.013 - 0.03) * metresPerBar;
  const required = pumpData.npshRequired * (flow / 80) ** 2;
  return required <= 0 ? 0 : clamp((2 * (1.3 * required - available)) / required, 0, 1);
}

function efficiencyAt(flow: number, ratio: number, load: PumpLoad, cavitation: number): number {
  const offBest = flow / (pumpData.bestFlow * ratio) - 1;
  return Math.max(
    0.1,
    (pumpData.bestEfficiency * (1 - 0.9 * offBest ** 2) - 0.12 * load.impellerWear) * (1 - 0.12 * cavitation),
  );
}

function powerFactor(share: number): number {
  return clamp(0.62 + 0.3 * share, 0.4, 0.88);
}
