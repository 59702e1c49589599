import type { FieldDefinition, ObjectDefinition } from './metadata.ts';

/** The short description of an object, as in the list of all. */
export const summary = (object: ObjectDefinition, version: string) => ({
  name: object.name,
  label: object.label,
  labelPlural: `${object.label}s`,
  keyPrefix: object.keyPrefix,
  custom: object.name.endsWith('__c'),
  queryable: true,
  createable: false,
  updateable: object.updateable,
  deletable: object.deletable,
  urls: {
    sobject: `/services/data/${version}/sobjects/${object.name}`,
    describe: `/services/data/${version}/sobjects/${object.name}/describe`,
    rowTemplate: `/services/data/${version}/sobjects/${object.name}/{ID}`,
  },
});

/** The whole description of an object. */
export const describe = (object: ObjectDefinition, version: string) => ({
  ...summary(object, version),
  fields: object.fields.map(describeField),
  childRelationships: [],
  recordTypeInfos: [],
});

const describeField = ({ name, label, type, to, relationship, updateable, nillable }: FieldDefinition) => ({
  name,
  label,
  type,
  length: type === 'id' || type === 'reference' ? 18 : type === 'string' ? 255 : 0,
  custom: name.endsWith('__c'),
  nameField: name === 'Name',
  nillable,
  updateable,
  createable: updateable,
  filterable: true,
  sortable: true,
  groupable: type !== 'datetime',
  referenceTo: to === undefined ? [] : [to],
  relationshipName: relationship ?? null,
});
