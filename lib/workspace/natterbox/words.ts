/** Every sentence that this connector says, with what a person can do about it. */
export const words = {
  sessionOver: 'The Salesforce session is over. Sign in to Salesforce again, then go on here.',
  tokenOver:
    'The access token of this connection is over, or was taken back. Connect this org again with a new one; then go on here.',
  noSession: 'There is no Salesforce session in this browser. Sign in to Salesforce, then go on here.',
  cookieUnread: (host: string) =>
    `The browser does not let the extension read the Salesforce session at ${host} any more. Connect this org again and allow it, or connect with an access token.`,
  apiRefused:
    'The org does not let browser sessions use its API (API Access Control). Ask a Salesforce admin to allow it for you, or connect with an access token.',
  otherPerson:
    'Somebody else is signed in at Salesforce now. Sign in as the person who began, or start anew as the other one.',
  otherThanPage:
    'The page belongs to somebody else than the Salesforce session does ("Login As"). Log out as the other user and reload the page.',
  tokenOtherThanPage:
    'The page belongs to somebody else than the access token of this connection does. Sign in to Salesforce as the person whose token it is, or connect this org again with a token of your own.',
  otherOrg: 'The Salesforce session belongs to another org. Sign in to the org of this connection.',
  packageAbsent:
    'This org has no Natterbox package, or you may not see its users. Ask an admin to install it, or to give you the permission set NBVC Administrator.',
  dailyLimit:
    'The org has used up its API calls of the last 24 hours; the run goes on by itself when there are some again.',
  locked: 'Others were changing the same record all the while; try again in a moment.',
  deleted: 'It was deleted meanwhile.',
  noRight:
    'Ask a Salesforce admin for edit rights on it (permission set NBVC Administrator, Customize Application).',
  inactiveOwner:
    'Activate the Salesforce user for as long as this takes: offboard in Natterbox first, in Salesforce second.',
  changedFields: 'The package has other fields now; open the wizard again.',
  memberGone: 'This Natterbox user is not in the org any more.',
  stillActive: 'Salesforce accepted the change, but the user is still active in Natterbox.',
  stillInactive: 'Salesforce accepted the change, but the user is still inactive in Natterbox.',

  notLinked: (name: string) => `${name} is linked to no Salesforce user.`,
  notLinkedRemedy: 'Link them to an active Salesforce user on their Natterbox page, then scan again.',
  linkedInactive: (name: string) => `The linked Salesforce user ${name} is inactive.`,
  linkedInactiveRemedy:
    'Activate that user in Salesforce for now and scan again: offboard in Natterbox first, in Salesforce second.',
  linkedUnseen: 'The linked Salesforce user cannot be seen, so nobody can tell whether it is active.',
  linkedUnseenRemedy: 'Ask a Salesforce admin to let you see users.',
  linkHidden:
    'The field Salesforce User of Natterbox users is hidden from you (field-level security), so nobody can tell whether an active user is linked.',
  linkHiddenRemedy: 'Ask a Salesforce admin for read access to nbavs__User__c.nbavs__User__c.',
  self: 'This is your own Natterbox user. Nobody can offboard themselves.',
  selfRemedy: 'Ask another admin.',
  activeHidden:
    'The field Active of Natterbox users is hidden from you or cannot be changed (field-level security).',
  activeHiddenRemedy: 'Ask a Salesforce admin for edit rights on nbavs__User__c.nbavs__Enabled__c.',

  hidden: (what: string) =>
    `${what} cannot be read: the org lacks it, or field-level security hides it from you. Ask a Salesforce admin for access.`,
  readOnly: (what: string) =>
    `${what} can be read but not changed with your rights. Ask a Salesforce admin for edit rights.`,
  skippedLicences: (names: readonly string[]) =>
    `Licences that this org does not have, or does not show you, are left out: ${names.join(', ')}.`,
  readOnlyLicences: (names: readonly string[]) =>
    `Licences that you may not change are left out: ${names.join(', ')}. Ask a Salesforce admin for edit rights.`,
  unknownFlags: (names: readonly string[]) =>
    `Natterbox users have more switches here that may be licences; they stay as they are: ${names.join(', ')}.`,
  skipped: (what: string) => `${what}: not in this org, or not shown to you; left out.`,
  backEnd:
    'All changes are made to the records in Salesforce. That they have reached the Natterbox service itself cannot be read from there: compare the Error Logs in Admin Home afterwards.',
  namesStay: 'The user is deactivated, never deleted, so that their name stays in historical reports.',
  version: (version: string) => `The installed Natterbox package is version ${version}.`,
  versionUnread: 'The version of the installed Natterbox package could not be read.',
  ownDeactivation:
    'From version 1.250 on the package can deactivate users itself. Its own job also unlinks numbers, turns devices off, removes recording access and the call centre; here each of these is yours to tick. It also writes Event Logs, which this cannot.',
  emptyGroups: (names: readonly string[]) =>
    `${names.length === 1 ? 'One group has' : `${names.length} groups have`} no other active member: ${names.join(', ')}.`,
  sharedDevices: (names: readonly string[]) =>
    `${names.length === 1 ? 'One device stays switched on, for somebody else uses it' : `${names.length} devices stay switched on, for others use them`} too: ${names.join(', ')}.`,
  bulkTitle: 'Deactivate Users',
  bulkSubmit: 'Submit Request',
  emptiedTogether: (names: readonly string[]) =>
    names.length === 1
      ? `One group would have nobody left: ${names[0]}.`
      : `${names.length} groups would have nobody left: ${names.join(', ')}.`,
  callsUsed: (used: number, allowed: number) =>
    `The org has used ${used} of its ${allowed} API calls of the last 24 hours.`,
} as const;
