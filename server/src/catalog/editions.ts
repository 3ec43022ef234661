// The editions of the port catalog: one table from which everything that lists or names them comes, such as
// completion, help, schemas, messages and pages. To add one, see docs/developing.md.

/** A published document, as it was on a day. */
export interface SourceDocument {
  /** The last part of the page's address, by which `sources` name it: `ports`, `internet-endpoints`. */
  readonly id: string;
  readonly title: string;
  readonly url: string;
  /** YYYY-MM-DD; for 2007 the year. */
  readonly date: string;
}

interface EditionEntry {
  readonly id: string;
  /** A sentence for completion and hover. */
  readonly title: string;
  /** When its port list was published: YYYY-MM-DD; for 2007 the year. */
  readonly date: string;
  /** The versions of current branch that use this list, as the console shows them. */
  readonly versions: readonly string[];
  /** Every later version that is a year and a month (`2403`) uses this list too. Of the newest edition only. */
  readonly versionsSince?: string;
  /** The newest version that this table knows of, to offer first. Of the newest edition only. */
  readonly newestVersion?: string;
  readonly documents: {
    readonly ports: SourceDocument;
    /** Client deployment and Windows Firewall. */
    readonly clients?: SourceDocument;
    /** The ports on which clients send requests. */
    readonly requestPorts?: SourceDocument;
  };
}

const LEARN = 'https://learn.microsoft.com/en-us/intune/configmgr/core/';

const portsPage = (date: string, title: string): SourceDocument => ({
  id: 'ports',
  title,
  url: `${LEARN}plan-design/hierarchy/ports`,
  date,
});

const CLIENTS_PAGE = {
  id: 'windows-firewall-and-port-settings-for-clients',
  url: `${LEARN}clients/deploy/windows-firewall-and-port-settings-for-clients`,
  date: '2016-10-06',
} as const;

/** The text of 2016, until its newest form; both bear one date. */
const CLIENTS_2016: SourceDocument = {
  ...CLIENTS_PAGE,
  title: 'Windows Firewall and port settings for clients in System Center Configuration Manager',
};
const CLIENTS_NEWEST: SourceDocument = {
  ...CLIENTS_PAGE,
  title: 'Windows Firewall and port settings for clients in Configuration Manager',
};

const REQUEST_PORTS_PAGE = {
  id: 'configure-client-communication-ports',
  url: `${LEARN}clients/deploy/configure-client-communication-ports`,
} as const;
const REQUEST_PORTS_2017: SourceDocument = {
  ...REQUEST_PORTS_PAGE,
  title: 'How to configure client communication ports in System Center Configuration Manager',
  date: '2017-04-23',
};
const REQUEST_PORTS_2021: SourceDocument = {
  ...REQUEST_PORTS_PAGE,
  title: 'How to configure client communication ports in Configuration Manager',
  date: '2021-04-05',
};

const SYSTEM_CENTER = 'Ports used in System Center Configuration Manager';
const CURRENT = 'Ports used in Configuration Manager';

/** Oldest first. */
const TABLE = [
  {
    id: '2007',
    title: 'Configuration Manager 2007.',
    // The list bears no date; the library page belongs to the 2007 release.
    date: '2007',
    versions: [],
    documents: {
      ports: {
        id: 'ports',
        title: 'Ports Used by Configuration Manager',
        url: 'http://technet.microsoft.com/en-us/library/bb632618.aspx',
        date: '2007',
      },
    },
  },
  {
    id: '2017-03',
    title: 'The port documentation of March 2017 (current branch).',
    date: '2017-03-20',
    versions: ['1511', '1602', '1606', '1610', '1702'],
    documents: {
      ports: portsPage('2017-03-20', SYSTEM_CENTER),
      clients: CLIENTS_2016,
      requestPorts: REQUEST_PORTS_2017,
    },
  },
  {
    id: '2017-09',
    title: 'The port documentation of September 2017 (current branch).',
    date: '2017-09-19',
    versions: ['1706', '1710', '1802'],
    documents: {
      ports: portsPage('2017-09-19', SYSTEM_CENTER),
      clients: CLIENTS_2016,
      requestPorts: REQUEST_PORTS_2017,
    },
  },
  {
    id: '2018-09',
    title: 'The port documentation of September 2018 (current branch).',
    date: '2018-09-11',
    versions: ['1806', '1810', '1902'],
    documents: {
      ports: portsPage('2018-09-11', CURRENT),
      clients: CLIENTS_2016,
      requestPorts: REQUEST_PORTS_2017,
    },
  },
  {
    id: '2019-11',
    title: 'The port documentation of November 2019 (current branch).',
    date: '2019-11-18',
    versions: ['1906', '1910'],
    documents: {
      ports: portsPage('2019-11-18', CURRENT),
      clients: CLIENTS_2016,
      requestPorts: REQUEST_PORTS_2017,
    },
  },
  {
    id: '2020-06',
    title: 'The port documentation of June 2020 (current branch).',
    date: '2020-06',
    versions: ['2002', '2006', '2010', '2103'],
    documents: {
      ports: portsPage('2020-06', CURRENT),
      clients: CLIENTS_2016,
      requestPorts: REQUEST_PORTS_2017,
    },
  },
  {
    id: '2025-12',
    title: 'The port documentation of December 2025 (current branch).',
    date: '2025-12-08',
    versions: [],
    versionsSince: '2107',
    newestVersion: '2509',
    documents: {
      ports: portsPage('2025-12-08', CURRENT),
      clients: CLIENTS_NEWEST,
      requestPorts: REQUEST_PORTS_2021,
    },
  },
] as const satisfies readonly EditionEntry[];

export type Edition = (typeof TABLE)[number]['id'];
export interface EditionInfo extends EditionEntry {
  readonly id: Edition;
}

/** Every edition, oldest first. */
export const EDITION_TABLE: readonly EditionInfo[] = TABLE;
/** Their ids, oldest first. */
export const EDITIONS: readonly Edition[] = EDITION_TABLE.map(({ id }) => id);
/** What `configmgr: current-branch` stands for. */
export const NEWEST_EDITION: Edition = TABLE[TABLE.length - 1]?.id ?? '2025-12';
/** The version to offer first. Later ones are known too. */
export const NEWEST_VERSION: string = EDITION_TABLE.at(-1)?.newestVersion ?? '';
/** The word for the newest edition, whichever that is. */
export const CURRENT_BRANCH = 'current-branch';
/** Every word for an edition: the editions, oldest first, and `current-branch`. Versions are words too. */
export const EDITION_WORDS: readonly string[] = [...EDITIONS, CURRENT_BRANCH];

/** What the table says about an edition. */
export function editionInfo(edition: Edition): EditionInfo {
  const found = EDITION_TABLE.find(({ id }) => id === edition);
  if (found === undefined) throw new Error(`catalog: no edition ${edition}`);
  return found;
}

/** The editions between two, both included; without one of them, from the oldest or to the newest. */
export function editionsBetween(since: Edition | undefined, until: Edition | undefined): readonly Edition[] {
  return EDITIONS.filter((edition) => isBetween(edition, since, until));
}

/** Whether an edition is not before one and not after another; what is not given sets no bound. */
export function isBetween(edition: Edition, since?: Edition, until?: Edition): boolean {
  const at = EDITIONS.indexOf(edition);
  return (
    (since === undefined || EDITIONS.indexOf(since) <= at) &&
    (until === undefined || at <= EDITIONS.indexOf(until))
  );
}

/** The versions of current branch that the table names one by one, oldest first, and the first of the newest list. */
export const KNOWN_VERSIONS: readonly string[] = EDITION_TABLE.flatMap(({ versions, versionsSince }) => [
  ...versions,
  ...(versionsSince === undefined ? [] : [versionsSince]),
]);

/** `YYMM`, as the console shows a version of current branch. */
const VERSION = /^\d\d(?:0[1-9]|1[0-2])$/;

/**
 * The edition whose port list a version of current branch uses. `2107` and every later year and month belong to
 * the newest list; before that, only the versions that came out are known (not 1709 or 2004).
 * `2007` is Configuration Manager 2007, never a version.
 */
function editionOfVersion(version: string): Edition | undefined {
  return EDITION_TABLE.find(
    ({ versions, versionsSince }) =>
      versions.includes(version) ||
      (versionsSince !== undefined && VERSION.test(version) && Number(version) >= Number(versionsSince)),
  )?.id;
}

/** Whether a word is a version of current branch, not an edition. */
export function isVersion(word: string): boolean {
  return editionOfVersion(word) !== undefined;
}

/**
 * A port list for people, by the words that they wrote.
 * @param written what the file says under `configmgr`: where that is a version, both are named
 * @returns `2403, port list 2025-12`, or the edition alone
 */
export function editionText(edition: Edition, written: string | undefined): string {
  return written !== undefined && isVersion(written) ? `${written}, port list ${edition}` : edition;
}

/** The edition that a word names: an edition, `current-branch`, or a version such as `2403`. */
export function editionOf(word: string): Edition | undefined {
  if (word === CURRENT_BRANCH) return NEWEST_EDITION;
  return EDITIONS.find((edition) => edition === word) ?? editionOfVersion(word);
}
