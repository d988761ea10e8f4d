#!/usr/bin/env node
// The `twinhub` command: see deploy/main.ts for what it does.
import { handOver, install } from './bootstrap.js';

install();
handOver('deploy/main.ts', process.argv.slice(2));
