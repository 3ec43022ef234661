import { name, publisher, version } from '../../../package.json';

/** The version of the program, from its manifest. */
export const VERSION: string = version;

/** The address of its page. */
export const INFORMATION = `https://marketplace.visualstudio.com/items?itemName=${publisher}.${name}`;
