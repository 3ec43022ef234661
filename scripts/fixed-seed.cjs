// Property tests draw the same values at every run, so that a red run says something about the change at hand.
// CMTOPO_SEED=random looks elsewhere, CMTOPO_SEED=NUMBER repeats a run that fast-check reported.
const { CMTOPO_SEED: wanted = '20261121' } = process.env;

/** Sets the seed of a copy of fast-check: modules have another than what is required. */
module.exports = (fc) => {
  if (wanted !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(wanted) });
};
