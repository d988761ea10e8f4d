// `node deploy/bin/run.js SCRIPT.ts ARGS`: any script of this repository, installed and under the pinned Node.
import { handOver, install } from './bootstrap.js';

const [script = '', ...args] = process.argv.slice(2);
install();
handOver(script, args);
