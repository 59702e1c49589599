/** Names of which the demo org is made; nothing here is a real person or company. */

export const firstNames = [
  'Anna',
  'Bashir',
  'Carla',
  'Dmitri',
  'Esther',
  'Farid',
  'Gloria',
  'Henrik',
  'Irina',
  'Jamal',
  'Katya',
  'Leon',
  'Miriam',
  'Nils',
  'Oona',
  'Piotr',
  'Quentin',
  'Rosa',
  'Stefan',
  'Thandi',
];
export const lastNames = [
  'Berg',
  'Costa',
  'Dietrich',
  'Eze',
  'Fontaine',
  'Gupta',
  'Hollis',
  'Ivanova',
  'Jansen',
  'Kowalski',
];

/** The first users of the org, who play a part in tests; the others are made of first and last names. */
export const cast = [
  'Priya Shah',
  'Alex Chen',
  'Dana Ruiz',
  'Tom Okafor',
  'Mei Tanaka',
  'Omar Said',
  'Ines Kaya',
  'Jonas Weber',
  'Sofia Martin',
  'Lucas Ferreira',
  'Aisha Diallo',
  'Sofia Martin',
];

/** Groups and the licences that they ask of their members. */
export const groups = [
  { name: 'Sales', extension: '2001', needs: ['nbavs__PBX__c'] },
  { name: 'Sales Queue', extension: '2002', needs: ['nbavs__PBX__c', 'nbavs__Manager__c'] },
  { name: 'Support Tier 1', extension: '2003', needs: ['nbavs__PBX__c', 'nbavs__Manager__c'] },
  {
    name: 'Support Tier 2',
    extension: '2004',
    needs: ['nbavs__PBX__c', 'nbavs__Manager__c', 'nbavs__Record__c'],
  },
  { name: 'Renewals', extension: '2005', needs: ['nbavs__PBX__c'] },
  { name: 'Billing', extension: '2006', needs: ['nbavs__PBX__c', 'nbavs__Record__c'] },
  { name: 'Night Desk', extension: '2007', needs: ['nbavs__PBX__c'] },
  { name: 'Reception', extension: '2008', needs: ['nbavs__PBX__c'] },
  { name: 'Partners', extension: '2009', needs: ['nbavs__PBX__c'] },
  { name: 'Onboarding', extension: '2010', needs: ['nbavs__PBX__c', 'nbavs__Record__c'] },
  { name: 'Everyone', extension: '2011', needs: [] },
  { name: 'Field Team', extension: '2012', needs: ['nbavs__PBX__c'] },
] as const;

export const profiles = ['Office Hours', 'Support Shifts', 'Field Work', 'Always On'];
export const routingPolicies = ['Main Line', 'Support Line', 'Direct Dial'];
