// Property tests draw the same values at every run, so that a red run says something about the change at hand.
// CMTOPO_SEED=random looks elsewhere, CMTOPO_SEED=NUMBER repeats a run that fast-check reported.
const fc = require('fast-check');

const { CMTOPO_SEED: wanted = '20261121' } = process.env;
if (wanted !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(wanted) });
