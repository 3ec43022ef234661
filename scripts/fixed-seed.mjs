// What Mocha loads before the tests.
import fc from 'fast-check';
import fixSeed from './fixed-seed.cjs';

fixSeed(fc);
