/** Every sentence that this connector says, with what a person can do about it. */
export const words = {
  noKey: 'There is no API key for this workspace. Type one in at the connection.',
  badKey:
    'Custify does not know this API key (any more). Make a new one in Settings > Developer > API Access and type it in at the connection.',
  refused:
    'Custify does not let this API key do that: the key may only read, or the call is not open to keys at all. A key with write permission is made in Settings > Developer > API Access.',
  noRegion: (origin: string) =>
    `${origin} does not answer. Compare the address with the one in Settings > Developer > API Key: it differs by region.`,
  noApi: (origin: string) =>
    `${origin} answers, but not as Custify's API does. Compare the address with the one in Settings > Developer > API Key.`,
  badOrigin:
    'Expected the address of Custify’s API: https and a host of custify.com, such as https://api.custify.com.',
  gone: 'It does not exist in Custify any more.',
  memberGone: 'Nothing that this API key can read names this person.',
  ownerUnknown: 'Custify’s API does not say whose key this is.',
  writesUnknown:
    'Custify’s API does not say whether a key may write. It shows at the first item that a run moves.',
  noActor: 'Say who you are: Custify’s API cannot tell, and a run is recorded under that name.',
  cannotRead: (names: readonly string[]) =>
    `This key cannot read: ${names.join(', ')}. What they hold of somebody will be listed as not checked.`,
} as const;
