#!/usr/bin/env node
// The command, where npm can link it before anything is built.
require('../dist/main.js');
