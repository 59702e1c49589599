import type { Item } from '../../offboarding/model.ts';
import { flagAt, idAt, lookupAt, type Row, textAt } from './client.ts';
import { listPage, type OrgOrigins, recordPage } from './hosts.ts';
import { type FieldModel, natterboxUser, type OrgModel } from './schema.ts';
import { cell, column, type Gap, itemOf, readings, resolve, type Source } from './sources.ts';

/** The licence flags of a Natterbox user that are publicly known. */
const knownLicences = [
  'nbavs__PBX__c',
  'nbavs__Manager__c',
  'nbavs__Record__c',
  'nbavs__CTI__c',
  'nbavs__Freedom__c',
  'nbavs__SCV__c',
  'nbavs__PCI__c',
  'nbavs__SMS__c',
  'nbavs__WhatsApp__c',
  'nbavs__Insights__c',
];
/** Switches of a Natterbox user that are no licences. */
const noLicences = ['nbavs__Enabled__c', 'nbavs__TrackOutboundCTIDevice__c'];

export interface Licences {
  usable: FieldModel[];
  /** Known names that the org lacks or hides. */
  missing: string[];
  readOnly: FieldModel[];
  /** Switches of the package that nobody has described: shown, never touched. */
  unknown: FieldModel[];
}

/** Which licences this org has, by describe. */
export function licencesOf(org: OrgModel): Licences {
  const fields = org.object(natterboxUser)?.fields ?? new Map<string, FieldModel>();
  const known = knownLicences.flatMap((name) => fields.get(name) ?? []);
  const unknown = [...fields.values()].filter(
    ({ name, type }) =>
      type === 'boolean' &&
      name.startsWith('nbavs__') &&
      !knownLicences.includes(name) &&
      !noLicences.includes(name),
  );
  return {
    usable: known.filter(({ updateable }) => updateable),
    missing: knownLicences.filter((name) => !fields.has(name)),
    readOnly: known.filter(({ updateable }) => !updateable),
    unknown,
  };
}

/** Is it the webphone that every user has? Its exact type is not publicly known, so its name counts too. */
const isWebphone = (row: Row): boolean =>
  ['nbavs__Device__r.nbavs__Type__c', 'nbavs__Device__r.Name'].some((path) =>
    /web\s*phone/i.test(textAt(row, path) ?? ''),
  );
/** Does a mapping lead to no device that a person could be told of? Throws `invalid` where that is not said. */
const isNoDevice = (row: Row): boolean => lookupAt(row, 'nbavs__Device__c') === undefined || isWebphone(row);

/**
 * Everything that can name a leaver, in the order of its steps: first what the admin may tick, then the four steps
 * of a Natterbox deactivation (the last of them is setActive).
 */
export function categoriesOf(org: OrgModel, origins: OrgOrigins): (Source | Gap)[] {
  const page = (object: string, row: Row, path = 'Id') => recordPage(origins, object, idAt(row, path));
  const member = (leaver: string) => ({ member: leaver });

  const numbers = resolve(org, {
    id: 'numbers',
    name: 'Phone numbers',
    order: 10,
    action: 'manual',
    importance: 'warned',
    link: listPage(origins, 'nbavs__PhoneNumber__c'),
    columns: [column('number', 'Number', 1), column('policy', 'Routing policy', 2)],
    needs: ['Name', 'nbavs__User__c'],
    wants: ['nbavs__Number__c', 'nbavs__CallFlow__r.Name'],
    reading: readings.ofUser('nbavs__PhoneNumber__c'),
    target: { object: 'nbavs__PhoneNumber__c', field: 'nbavs__User__c', by: 'update', says: 'owner' },
    items: (row, leaver) => [
      itemOf('numbers', row, {
        title: textAt(row, 'Name') ?? idAt(row, 'Id'),
        value: member(leaver),
        lock: idAt(row, 'Id'),
        link: page('nbavs__PhoneNumber__c', row),
        columns: { number: cell(row, 'nbavs__Number__c'), policy: cell(row, 'nbavs__CallFlow__r.Name') },
      }),
    ],
  });

  const deviceColumns = [
    column('device', 'Device', 1),
    column('type', 'Type', 2),
    column('extension', 'Extension', 2),
    column('model', 'Model', 3),
    column('mac', 'MAC address', 3),
  ];
  const deviceFields = ['Type__c', 'Extension__c', 'Model__c', 'MAC__c'].map(
    (name) => `nbavs__Device__r.nbavs__${name}`,
  );
  const deviceCells = (row: Row): Item['columns'] => ({
    device: cell(row, 'nbavs__Device__r.Name'),
    type: cell(row, 'nbavs__Device__r.nbavs__Type__c'),
    extension: cell(row, 'nbavs__Device__r.nbavs__Extension__c'),
    model: cell(row, 'nbavs__Device__r.nbavs__Model__c'),
    mac: cell(row, 'nbavs__Device__r.nbavs__MAC__c'),
  });
  const deviceTitle = (row: Row) => textAt(row, 'nbavs__Device__r.Name') ?? idAt(row, 'nbavs__Device__c');

  const devicesOff = resolve(org, {
    id: 'devices.active',
    name: 'SIP devices that stay switched on',
    order: 20,
    action: 'manual',
    importance: 'extra',
    link: listPage(origins, 'nbavs__Device__c'),
    columns: deviceColumns,
    needs: ['nbavs__User__c', 'nbavs__Device__c', 'nbavs__Device__r.nbavs__Enabled__c'],
    wants: ['nbavs__Device__r.Name', ...deviceFields],
    reading: readings.ofUser('nbavs__DeviceMapping__c'),
    target: { object: 'nbavs__Device__c', field: 'nbavs__Enabled__c', by: 'update', says: 'switch' },
    // Switched off it is off for everybody.
    sharedBy: { object: 'nbavs__DeviceMapping__c', field: 'nbavs__Device__c' },
    items: (row) =>
      isNoDevice(row) || !flagAt(row, 'nbavs__Device__r.nbavs__Enabled__c')
        ? []
        : [
            itemOf('devices.active', row, {
              ref: idAt(row, 'nbavs__Device__c'),
              title: deviceTitle(row),
              value: { flag: true },
              lock: idAt(row, 'nbavs__Device__c'),
              link: page('nbavs__Device__c', row, 'nbavs__Device__c'),
              columns: deviceCells(row),
            }),
          ],
  });

  const devices = resolve(org, {
    id: 'devices',
    name: 'SIP devices',
    order: 30,
    action: 'manual',
    importance: 'warned',
    link: listPage(origins, 'nbavs__Device__c'),
    columns: deviceColumns,
    needs: ['nbavs__User__c', 'nbavs__Device__c'],
    wants: ['nbavs__Device__r.Name', ...deviceFields],
    reading: readings.ofUser('nbavs__DeviceMapping__c'),
    target: { object: 'nbavs__DeviceMapping__c', field: 'nbavs__User__c', by: 'delete', says: 'owner' },
    items: (row, leaver) =>
      isNoDevice(row)
        ? []
        : [
            itemOf('devices', row, {
              title: deviceTitle(row),
              value: member(leaver),
              lock: idAt(row, 'nbavs__Device__c'),
              link: page('nbavs__Device__c', row, 'nbavs__Device__c'),
              columns: deviceCells(row),
            }),
          ],
  });

  // Its user field is not publicly known: whatever single field of it leads to Natterbox users.
  const access = [...(org.object('nbavs__RecordingAccess__c')?.fields.values() ?? [])].filter(
    ({ referenceTo }) => referenceTo.includes(natterboxUser),
  );
  const accessField = access.length === 1 && access[0] ? access[0].name : 'nbavs__User__c';
  const recordingAccess = resolve(org, {
    id: 'recordingAccess',
    name: 'Recording access',
    order: 40,
    action: 'manual',
    importance: 'extra',
    link: listPage(origins, 'nbavs__RecordingAccess__c'),
    columns: [column('name', 'Name', 1)],
    needs: ['Name', accessField],
    wants: [],
    reading: readings.ofUser('nbavs__RecordingAccess__c', accessField),
    target: { object: 'nbavs__RecordingAccess__c', field: accessField, by: 'delete', says: 'owner' },
    items: (row, leaver) => [
      itemOf('recordingAccess', row, {
        title: textAt(row, 'Name') ?? idAt(row, 'Id'),
        value: member(leaver),
        lock: idAt(row, 'Id'),
        link: page('nbavs__RecordingAccess__c', row),
        columns: { name: cell(row, 'Name') },
      }),
    ],
  });

  const callCentre = resolve(org, {
    id: 'callCentre',
    name: 'Call centre of the Salesforce user',
    order: 50,
    action: 'manual',
    importance: 'extra',
    link: listPage(origins, 'User'),
    columns: [column('callCentre', 'Call centre', 1)],
    needs: ['nbavs__User__c', 'nbavs__User__r.CallCenterId'],
    wants: [],
    reading: readings.user,
    target: { object: 'User', field: 'CallCenterId', by: 'update', says: 'choice' },
    items: (row) => {
      // Whoever is linked to nobody has no parent to look at.
      if (lookupAt(row, 'nbavs__User__c') === undefined) return [];
      const centre = lookupAt(row, 'nbavs__User__r.CallCenterId');
      const name = centre === undefined ? undefined : org.callCentres.get(centre);
      if (centre === undefined || name === undefined) return [];
      const user = idAt(row, 'nbavs__User__c');
      return [
        itemOf('callCentre', row, {
          ref: `${user}.${centre}`,
          title: name,
          value: { flag: true },
          lock: user,
          link: recordPage(origins, 'User', user),
          columns: { callCentre: name },
        }),
      ];
    },
  });

  const groupAdministrators = resolve(org, {
    id: 'groupAdministrators',
    name: 'Administrator rights on groups',
    order: 60,
    action: 'manual',
    importance: 'extra',
    link: listPage(origins, 'nbavs__Group__c'),
    columns: [column('group', 'Group', 1), column('listenIn', 'Listen in', 3)],
    needs: ['nbavs__User__c', 'nbavs__Group__c'],
    wants: ['nbavs__Group__r.Name', 'nbavs__ListenIn__c'],
    reading: readings.ofUser('nbavs__GroupAdministrator__c'),
    target: {
      object: 'nbavs__GroupAdministrator__c',
      field: 'nbavs__User__c',
      by: 'delete',
      says: 'owner',
    },
    items: (row, leaver) => [
      itemOf('groupAdministrators', row, {
        title: textAt(row, 'nbavs__Group__r.Name') ?? idAt(row, 'nbavs__Group__c'),
        value: member(leaver),
        lock: idAt(row, 'nbavs__Group__c'),
        link: page('nbavs__Group__c', row, 'nbavs__Group__c'),
        columns: { group: cell(row, 'nbavs__Group__r.Name'), listenIn: cell(row, 'nbavs__ListenIn__c') },
      }),
    ],
  });

  return [
    numbers,
    devicesOff,
    devices,
    recordingAccess,
    callCentre,
    groupAdministrators,
    ...steps(org, origins),
  ];
}

/** Groups, availability profile, licences. Their columns carry what an undo would need. */
function steps(org: OrgModel, origins: OrgOrigins): (Source | Gap)[] {
  const userPage = (row: Row) => recordPage(origins, natterboxUser, idAt(row, 'Id'));
  const groups = resolve(org, {
    id: 'groups',
    name: 'Groups',
    order: 100,
    action: 'remove',
    importance: 'step',
    link: listPage(origins, 'nbavs__Group__c'),
    columns: [
      column('group', 'Group', 1),
      column('extension', 'Extension', 2),
      column('primary', 'Primary group', 3),
      column('priority', 'Priority', 3, 'number'),
      column('ringOrder', 'Ring order', 3, 'number'),
    ],
    needs: ['nbavs__User__c', 'nbavs__Group__c'],
    wants: [
      'nbavs__Group__r.Name',
      'nbavs__Group__r.nbavs__Extension__c',
      'nbavs__Primary__c',
      'nbavs__Priority__c',
      'nbavs__RingOrder__c',
    ],
    reading: readings.ofUser('nbavs__GroupMember__c'),
    target: { object: 'nbavs__GroupMember__c', field: 'nbavs__User__c', by: 'delete', says: 'owner' },
    items: (row, leaver) => {
      const group = idAt(row, 'nbavs__Group__c');
      return [
        itemOf('groups', row, {
          title: textAt(row, 'nbavs__Group__r.Name') ?? group,
          value: { member: leaver },
          // Deleting a membership locks its group: one at a time.
          lock: group,
          link: recordPage(origins, 'nbavs__Group__c', group),
          columns: {
            group: cell(row, 'nbavs__Group__r.Name'),
            extension: cell(row, 'nbavs__Group__r.nbavs__Extension__c'),
            primary: cell(row, 'nbavs__Primary__c'),
            priority: cell(row, 'nbavs__Priority__c'),
            ringOrder: cell(row, 'nbavs__RingOrder__c'),
          },
        }),
      ];
    },
  });

  const profile = resolve(org, {
    id: 'profile',
    name: 'Availability profile',
    order: 110,
    action: 'clear',
    importance: 'step',
    link: listPage(origins, 'nbavs__AvailabilityProfile__c'),
    columns: [column('profile', 'Availability profile', 1), column('state', 'State', 3)],
    needs: ['nbavs__AvailabilityProfile__c'],
    wants: ['nbavs__AvailabilityProfile__r.Name', 'nbavs__AvailabilityProfileState__c'],
    reading: readings.user,
    target: { object: natterboxUser, field: 'nbavs__AvailabilityProfile__c', by: 'update', says: 'profile' },
    items: (row) => {
      const id = lookupAt(row, 'nbavs__AvailabilityProfile__c');
      if (id === undefined) return [];
      return [
        itemOf('profile', row, {
          ref: `${row.Id}.${id}`,
          title: textAt(row, 'nbavs__AvailabilityProfile__r.Name') ?? id,
          value: { member: idAt(row, 'Id') },
          lock: idAt(row, 'Id'),
          link: userPage(row),
          columns: {
            profile: cell(row, 'nbavs__AvailabilityProfile__r.Name'),
            state: cell(row, 'nbavs__AvailabilityProfileState__c'),
          },
        }),
      ];
    },
  });

  const { usable } = licencesOf(org);
  const plan = resolve(org, {
    id: 'licences',
    name: 'Licences',
    order: 120,
    action: 'remove',
    importance: 'step',
    link: listPage(origins, natterboxUser),
    columns: [column('licence', 'Licence', 1), column('field', 'Field', 3)],
    needs: usable.map(({ name }) => name),
    wants: [],
    reading: readings.user,
    target: { object: natterboxUser, field: undefined, by: 'update', says: 'switch' },
    items: (row) =>
      usable
        .filter(({ name }) => flagAt(row, name))
        .map(({ name, label }) =>
          itemOf('licences', row, {
            ref: `${row.Id}.${name}`,
            title: label,
            value: { flag: true },
            lock: idAt(row, 'Id'),
            link: userPage(row),
            columns: { licence: label, field: name },
          }),
        ),
  });
  const licences: Source | Gap =
    usable.length > 0
      ? plan
      : {
          category: plan.category,
          importance: 'step',
          reason: licencesOf(org).readOnly.length > 0 ? 'readOnly' : 'hidden',
        };
  return [groups, profile, licences];
}
