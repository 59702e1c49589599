/** The objects of the demo org, as describe tells them and the database keeps them. */

export type FieldType = 'id' | 'string' | 'boolean' | 'double' | 'reference' | 'datetime';

export interface FieldDefinition {
  name: string;
  label: string;
  type: FieldType;
  /** References: the object, and the name of the relationship in queries. */
  to?: string;
  relationship?: string;
  updateable: boolean;
  nillable: boolean;
}

export interface ObjectDefinition {
  name: string;
  label: string;
  keyPrefix: string;
  deletable: boolean;
  updateable: boolean;
  fields: FieldDefinition[];
}

type Options = Partial<Pick<FieldDefinition, 'updateable' | 'nillable'>>;

const text = (name: string, label: string, options: Options = {}): FieldDefinition => ({
  name,
  label,
  type: 'string',
  updateable: true,
  nillable: true,
  ...options,
});
const flag = (name: string, label: string): FieldDefinition => ({
  name,
  label,
  type: 'boolean',
  updateable: true,
  nillable: false,
});
const amount = (name: string, label: string): FieldDefinition => ({
  name,
  label,
  type: 'double',
  updateable: true,
  nillable: true,
});
const lookup = (name: string, label: string, to: string, options: Options = {}): FieldDefinition => ({
  name,
  label,
  type: 'reference',
  to,
  relationship: name.endsWith('__c') ? name.replace(/__c$/, '__r') : name.replace(/Id$/, ''),
  updateable: true,
  nillable: true,
  ...options,
});

function object(
  name: string,
  label: string,
  keyPrefix: string,
  fields: FieldDefinition[],
  options: Partial<Pick<ObjectDefinition, 'deletable' | 'updateable'>> = {},
): ObjectDefinition {
  const id: FieldDefinition = {
    name: 'Id',
    label: 'Record ID',
    type: 'id',
    updateable: false,
    nillable: false,
  };
  const created: FieldDefinition = {
    name: 'CreatedDate',
    label: 'Created Date',
    type: 'datetime',
    updateable: false,
    nillable: false,
  };
  const record = text('Name', 'Name', { nillable: false });
  return {
    name,
    label,
    keyPrefix,
    deletable: true,
    updateable: true,
    ...options,
    fields: [id, record, ...fields, created],
  };
}

/** The licence flags of a Natterbox user, as the package labels them. */
export const licenceFields = [
  flag('nbavs__PBX__c', 'Cloud PBX'),
  flag('nbavs__Manager__c', 'Contact Center'),
  flag('nbavs__Record__c', 'Call Recording'),
  flag('nbavs__CTI__c', 'CTI'),
  flag('nbavs__Freedom__c', 'Freedom'),
  flag('nbavs__SCV__c', 'Service Cloud Voice'),
  flag('nbavs__PCI__c', 'PCI'),
  flag('nbavs__SMS__c', 'SMS'),
  flag('nbavs__WhatsApp__c', 'WhatsApp'),
  flag('nbavs__Insights__c', 'Insights'),
] as const;

/** Every object of the org with the Natterbox package; describe shows what is left of it for the acting user. */
export const objectDefinitions: readonly ObjectDefinition[] = [
  object(
    'User',
    'User',
    '005',
    [
      text('Username', 'Username', { nillable: false }),
      text('Email', 'Email', { nillable: false }),
      flag('IsActive', 'Active'),
      lookup('CallCenterId', 'Call Center ID', 'CallCenter'),
      lookup('ManagerId', 'Manager ID', 'User'),
      lookup('DelegatedApproverId', 'Delegated Approver ID', 'User'),
    ],
    { deletable: false },
  ),
  object('CallCenter', 'Call Center', '04v', [], { deletable: false, updateable: false }),
  object('nbavs__User__c', 'Natterbox User', 'a0U', [
    lookup('nbavs__User__c', 'Salesforce User', 'User'),
    flag('nbavs__Enabled__c', 'Active'),
    text('nbavs__Status__c', 'Status'),
    lookup('nbavs__AvailabilityProfile__c', 'Availability Profile', 'nbavs__AvailabilityProfile__c'),
    // A lookup too, but the object that it leads to is not publicly known: here it is the state's id and no more.
    text('nbavs__AvailabilityProfileState__c', 'Availability Profile State'),
    text('nbavs__FirstName__c', 'First Name'),
    text('nbavs__LastName__c', 'Last Name'),
    text('nbavs__Username__c', 'Username'),
    text('nbavs__SipExtension__c', 'SIP Extension'),
    text('nbavs__MobilePhone__c', 'Mobile Phone'),
    amount('nbavs__Id__c', 'Id'),
    text('nbavs__PermissionLevel__c', 'Permission Level'),
    flag('nbavs__TrackOutboundCTIDevice__c', 'Track Outbound CTI Device'),
    ...licenceFields,
  ]),
  object('nbavs__Group__c', 'Group', 'a0G', [
    text('nbavs__Extension__c', 'Extension'),
    text('nbavs__GroupPickup__c', 'Group Pickup'),
    flag('nbavs__PBX__c', 'Cloud PBX'),
    flag('nbavs__Manager__c', 'Contact Center'),
    flag('nbavs__Record__c', 'Call Recording'),
  ]),
  object('nbavs__GroupMember__c', 'Group Member', 'a0M', [
    lookup('nbavs__User__c', 'User', 'nbavs__User__c'),
    lookup('nbavs__Group__c', 'Group', 'nbavs__Group__c', { updateable: false, nillable: false }),
    flag('nbavs__Primary__c', 'Primary'),
    // Public code orders by the one and by the other; an org may have only one of them.
    amount('nbavs__Priority__c', 'Priority'),
    amount('nbavs__RingOrder__c', 'Ring Order'),
  ]),
  object('nbavs__GroupAdministrator__c', 'Group Administrator', 'a0A', [
    lookup('nbavs__User__c', 'User', 'nbavs__User__c'),
    lookup('nbavs__Group__c', 'Group', 'nbavs__Group__c', { updateable: false, nillable: false }),
    flag('nbavs__ListenIn__c', 'Listen In'),
  ]),
  object('nbavs__AvailabilityProfile__c', 'Availability Profile', 'a0P', [amount('nbavs__Id__c', 'Id')]),
  object('nbavs__CallFlow__c', 'Routing Policy', 'a0F', []),
  object('nbavs__PhoneNumber__c', 'Phone Number', 'a0N', [
    text('nbavs__Number__c', 'Number'),
    lookup('nbavs__User__c', 'User', 'nbavs__User__c'),
    lookup('nbavs__CallFlow__c', 'Routing Policy', 'nbavs__CallFlow__c'),
    flag('nbavs__DDI_Number__c', 'DDI Number'),
  ]),
  object('nbavs__Device__c', 'Device', 'a0D', [
    text('nbavs__Extension__c', 'Extension'),
    text('nbavs__Type__c', 'Type'),
    text('nbavs__Model__c', 'Model'),
    text('nbavs__MAC__c', 'MAC Address'),
    text('nbavs__Location__c', 'Location'),
    text('nbavs__Description__c', 'Description'),
    flag('nbavs__Enabled__c', 'Active'),
    flag('nbavs__Registered__c', 'Registered'),
  ]),
  object('nbavs__DeviceMapping__c', 'Device Mapping', 'a0E', [
    lookup('nbavs__User__c', 'User', 'nbavs__User__c'),
    lookup('nbavs__Device__c', 'Device', 'nbavs__Device__c', { updateable: false, nillable: false }),
  ]),
  // Its user field is not publicly known; here it is called as in the package's other objects.
  object('nbavs__RecordingAccess__c', 'Recording Access', 'a0R', [
    lookup('nbavs__User__c', 'User', 'nbavs__User__c'),
  ]),
  object('nbavs__EventLog__c', 'Event Log', 'a0L', []),
  object('nbavs__ErrorLog__c', 'Error Log', 'a0X', []),
];

const byName = new Map(objectDefinitions.map((definition) => [definition.name.toLowerCase(), definition]));
const byPrefix = new Map(objectDefinitions.map((definition) => [definition.keyPrefix, definition]));

/** An object by its API name, in whatever case. */
export const objectNamed = (name: string): ObjectDefinition | undefined => byName.get(name.toLowerCase());

/** The object that a record id belongs to. */
export const objectOfId = (id: string): ObjectDefinition | undefined => byPrefix.get(id.slice(0, 3));
