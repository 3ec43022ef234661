// What another port list changes for one topology.
import { type Edition, NEWEST_EDITION } from '../../catalog/editions.ts';
import { computeFlows } from '../../flows/compute.ts';
import { type Diff, diffFlows, type Version } from './changes.ts';

/** A topology as if its site used another port list; `written` is the word for it: an edition or a version. */
function asOf(version: Version, edition: Edition, written: string): Version {
  if (edition === version.edition) return version;
  const topology = { ...version.topology, edition, configmgrWritten: written };
  return { file: version.file, edition, topology, flows: computeFlows(topology) };
}

/**
 * What changes for a topology from one port list to the newest. From the newest nothing leads on: then that of the
 * topology itself is compared with it.
 * @param written the word for the edition, as its user wrote it
 */
export function diffToNewest(version: Version, edition: Edition, written: string): Diff {
  const old = edition === NEWEST_EDITION ? version : asOf(version, edition, written);
  return diffFlows(old, asOf(version, NEWEST_EDITION, NEWEST_EDITION));
}
