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

  unnamed: 'Without a name',
  action: (number: number) => `Step ${number}`,
  tooMany: (name: string, count: number) => `There are ${count} ${name}: too many to read them one by one.`,
  changing: (name: string) =>
    `The list of ${name} kept changing while it was read, so it may not be whole. Scan again in a quieter moment.`,
  noIdToFilter:
    'There are too many tasks to read them all, and this person’s id is not known to filter them by.',
  noFilter: 'There are too many tasks to read them all, and Custify’s filter does not find them by person.',
  onlyOwnTasks: 'There are too many tasks to look through all of them for collaborators.',
  silent: (of: string) => `What Custify says of a ${of} by its API does not tell who is named in it.`,

  unclearName: 'Customers that name them in an unclear way',
  unclear:
    'These customers name somebody by name alone, by an address that several people have, or in a form that is not known. Whether that is this person cannot be known, so they are left as they are.',
  foreign: 'Custify’s API says users here in a form that is not known, so nobody can tell whom it names.',
  allAttributes: 'all',
  collaborators: 'Task collaborators',
  otherTasks: 'Tasks assigned in an unclear way',
  otherModel:
    'Custify says of these tasks that they are assigned to something else than a user, by name alone, by an address that several people have, or in a form that is not known. They are left as they are.',
  peopleAttribute: (name: string) => `People of customers: ${name}`,
  objectives: 'Objectives',
  objectiveCollaborators: 'Objective collaborators',
  noWrite: 'Custify’s API offers no way to change this.',
  templates:
    'Custify’s API offers no way to change this. There may be more than is listed: what it says of it is not documented.',
  unseen: {
    dashboards: 'Custify’s API shows no dashboards.',
    views: 'Custify’s API shows no saved views.',
    approvals: 'Custify’s API shows no pending approvals. Look in Touchpoints, in the pending approval box.',
    emails: 'Custify’s API shows no scheduled emails.',
    mailboxes: 'Custify’s API shows no connected mailboxes.',
    signatures: 'Custify’s API shows no signatures.',
    tokens: 'Custify’s API shows no API keys. Look in Settings > Developer > API Access.',
  },

  self: 'This is you, as you said when you connected. Nobody can offboard themselves.',
  selfRemedy: 'Ask another admin.',
  keyOwner: (name: string) =>
    `Whose API key this connection uses cannot be read. If it is ${name}’s own, it may stop working once they are inactive: make another one first.`,
  givesBack: (name: string, playbooks: readonly string[]) =>
    `These playbooks set ${name} as the owner of customers and can give work back: ${playbooks.join(', ')}. Change them in Custify.`,
  mayGiveBack: (playbooks: readonly string[]) =>
    `These playbooks set the owner of customers and may give work back: ${playbooks.join(', ')}. Look at them in Custify.`,
  playbooksUnread:
    'Playbooks can set the owner of customers, and so give work back. Which of them do could not be read.',
  trial:
    'No source confirms what Custify’s API lets a key change. So the run changes one item of each kind, reads it back, and goes on only if that worked. What does not work becomes yours to do by hand.',
  activeUnknown: 'Custify’s API does not say who is active. Make sure that the replacements are.',
  nameAloneTitle: 'Known by name alone',
  nameAlone: (name: string) =>
    `Of ${name} nothing but the name is known, and that names nobody for sure. Choose somebody else.`,
  cannotReceive: (name: string, form: string) =>
    form === 'id'
      ? `Custify wants an id here, and none is known of ${name}: nothing that this key can read names them by one. Assign them one task in Custify, then scan again.`
      : form === 'email'
        ? `Custify wants an email address here, and none is known of ${name}.`
        : `How Custify wants ${name} to be written here is not known.`,
  unknownReceiver: 'Nothing that this API key can read names the replacement, so their id is not known.',

  noWay: 'There is no way left to write this.',
  ignored: 'Custify accepted the change of the first item, and did not change it.',
  ignoredHere: 'Custify accepted the change, but still says what it said before.',
  refusedWrite: (said: string) => `Custify refused the change of the first item: ${said}`,
  unproven: 'The connection broke each time the first item was changed, so it was never seen to work.',
  lost: 'The first item was changed, but something else of it was lost by that. Look at it in Custify.',
  mayBeMade:
    'It was deleted in Custify in the moment in which it was changed, so Custify may have made a new, nameless one in its place. Look there, and delete it if it is.',
  made: (id: string) =>
    `Custify changed another record than the one that was meant, or made a new one (${id}). Look at it in Custify and delete it there if it is new.`,
} as const;
