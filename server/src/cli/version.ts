import { version } from '../../../package.json';

/** The version of the program, from its manifest. */
export const VERSION: string = version;
