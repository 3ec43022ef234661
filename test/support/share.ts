import fc from 'fast-check';

/** A place in a text as a share of it, below one. `fc.double` would draw most of them beside nought. */
export const share: fc.Arbitrary<number> = fc.nat({ max: 999_999 }).map((number) => number / 1_000_000);
