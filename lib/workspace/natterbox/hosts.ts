/** The origins of one org: Salesforce serves its API, its application and the package's pages from hosts of their own. */
export interface OrgOrigins {
  /** REST, and the `sid` cookie that opens it. */
  api: string;
  lightning: string;
  /** The package's Visualforce pages, which Lightning shows in frames. */
  visualforce: string;
}

const suffixes = {
  api: '.my.salesforce.com',
  lightning: '.lightning.force.com',
  visualforce: '.vf.force.com',
};
const namespace = '--nbavs';

/**
 * The origins of the org that a page's origin belongs to; null when it is none of Salesforce's hosts. Only suffixes
 * are replaced, since the names before them vary (My Domain, sandboxes, partitions). Scheme and port stay.
 */
export function originsOfOrg(origin: string): OrgOrigins | null {
  if (!URL.canParse(origin)) return null;
  const { protocol, hostname, port } = new URL(origin);
  // A proxy of Microsoft Defender puts its own name behind.
  const host = hostname.replace(/\.mcas\.ms$/, '');
  const suffix = Object.values(suffixes).find((each) => host.endsWith(each));
  if (!suffix || !/^https?:$/.test(protocol)) return null;
  const [first = '', ...rest] = host.slice(0, -suffix.length).split('.');
  const domain = suffix === suffixes.visualforce ? first.replace(/--[a-z0-9]+$/i, '') : first;
  if (domain === '') return null;
  const at = (name: string, end: string) =>
    `${protocol}//${[name, ...rest].join('.')}${end}${port === '' ? '' : `:${port}`}`;
  return {
    api: at(domain, suffixes.api),
    lightning: at(domain, suffixes.lightning),
    visualforce: at(`${domain}${namespace}`, suffixes.visualforce),
  };
}

/** The page of a record in Lightning. */
export const recordPage = (origins: OrgOrigins, object: string, id: string): string =>
  `${origins.lightning}/lightning/r/${object}/${id}/view`;

/** The list of an object's records in Lightning. */
export const listPage = (origins: OrgOrigins, object: string): string =>
  `${origins.lightning}/lightning/o/${object}/list`;
