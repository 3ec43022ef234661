// Where the source is published: one address, from which the manifests and the links of the packages are made.

/**
 * The fields of a manifest that name the source, made of one address; none without one.
 * @param {string | undefined} repository
 */
export function addressFields(repository) {
  if (repository === undefined) return {};
  return {
    repository: { type: 'git', url: `${repository}.git` },
    bugs: { url: `${repository}/issues` },
    homepage: `${repository}#readme`,
  };
}

/**
 * The address as it is written in `--repository`, without what may be at its end.
 * Throws for what is no web address of a repository.
 * @param {string} text
 */
export function readRepository(text) {
  const address = text.replace(/(\.git)?\/*$/, '');
  if (!/^https:\/\/[\w.-]+(:\d+)?(\/[\w.~-]+){2,}$/.test(address))
    throw new Error(`--repository ${text}: write a web address such as https://github.com/OWNER/NAME`);
  return address;
}
