/** Names and words from which the seed makes its data; nothing here is a real person or company. */

type Person = readonly [name: string, title: string, role: 'admin' | 'manager' | 'csm'];

/** mem_01 onwards. Sofia Martin is there twice: namesakes exist. */
export const people: readonly Person[] = [
  ['Priya Shah', 'Head of Customer Operations', 'admin'],
  ['Alex Chen', 'Workspace Administrator', 'admin'],
  ['Dana Ruiz', 'Senior Customer Success Manager', 'csm'],
  ['Tom Okafor', 'Customer Success Manager', 'csm'],
  ['Mei Tanaka', 'Customer Success Manager', 'csm'],
  ['Omar Said', 'Customer Success Manager', 'csm'],
  ['Ines Kaya', 'Customer Success Lead', 'manager'],
  ['Jonas Weber', 'Account Manager', 'csm'],
  ['Sofia Martin', 'Customer Success Manager', 'csm'],
  ['Lucas Ferreira', 'Account Manager', 'csm'],
  ['Aisha Diallo', 'Onboarding Manager', 'csm'],
  ['Noah Lindqvist', 'Customer Success Manager', 'csm'],
  ['Hana Kim', 'Account Manager', 'csm'],
  ['Mateo Alvarez', 'Customer Success Manager', 'csm'],
  ['Grace Adeyemi', 'Director of Customer Success', 'manager'],
  ['Elif Demir', 'Customer Success Manager', 'csm'],
  ['Tomas Novak', 'Renewals Manager', 'csm'],
  ['Camille Laurent', 'Account Manager', 'csm'],
  ['Ravi Menon', 'Customer Success Manager', 'csm'],
  ['Freya Olsen', 'Onboarding Manager', 'csm'],
  ['Daniel Mbeki', 'Customer Success Manager', 'csm'],
  ['Yuki Sato', 'Customer Success Manager', 'csm'],
  ['Leila Haddad', 'Account Manager', 'csm'],
  ['Marek Zielinski', 'Solutions Consultant', 'csm'],
  ['Olivia Grant', 'Customer Success Manager', 'csm'],
  ['Pablo Moreno', 'Renewals Manager', 'csm'],
  ['Sofia Martin', 'Insights Analyst', 'csm'],
  ['Nadia Petrova', 'Customer Success Manager', 'csm'],
  ['Kwame Boateng', 'Account Manager', 'csm'],
  ['Ingrid Bakke', 'Support Lead', 'manager'],
  ['Samuel Ortiz', 'Customer Success Manager', 'csm'],
  ['Chloe Dubois', 'Customer Success Manager', 'csm'],
  ['Arjun Nair', 'Solutions Consultant', 'csm'],
  ['Emma Lindgren', 'Customer Success Manager', 'csm'],
  ['Hassan Farouk', 'Account Manager', 'csm'],
  ['Bianca Rossi', 'Onboarding Manager', 'csm'],
  ['Victor Iliescu', 'Customer Success Manager', 'csm'],
  ['Ruth Calder', 'Customer Success Manager', 'csm'],
  ['Felix Brandt', 'Account Manager', 'csm'],
  ['Nora Lind', 'Working Student', 'csm'],
];

export const companyFirst = [
  ...[
    'Northwind',
    'Globex',
    'Initrode',
    'Lumen',
    'Harbor',
    'Cobalt',
    'Juniper',
    'Meridian',
    'Orchard',
    'Pinnacle',
  ],
  ...['Quarry', 'Redwood', 'Saffron', 'Tideway', 'Umbra', 'Verdant', 'Willow', 'Zephyr', 'Alder', 'Basalt'],
  ...['Cedar', 'Delta', 'Ember', 'Fjord', 'Granite', 'Helix', 'Indigo', 'Jasper', 'Keystone', 'Larkspur'],
  ...['Monsoon', 'Nimbus', 'Opal', 'Parallax', 'Quill', 'Ridge', 'Summit', 'Tundra', 'Upland', 'Vantage'],
  ...['Wharf', 'Yarrow', 'Zenith', 'Amber', 'Birch', 'Compass', 'Drift', 'Equinox', 'Fathom', 'Garnet'],
  ...['Hollow', 'Isle', 'Jetty', 'Kestrel', 'Lantern', 'Mosaic', 'Nectar', 'Onyx', 'Prairie', 'Quartz'],
];
export const companySecond = [
  ...['Logistics', 'Foods', 'Health', 'Media', 'Robotics', 'Energy', 'Travel', 'Finance', 'Textiles', 'Labs'],
  ...[
    'Software',
    'Insurance',
    'Retail',
    'Motors',
    'Analytics',
    'Shipping',
    'Education',
    'Studios',
    'Networks',
    'Farms',
  ],
  ...[
    'Dental',
    'Optics',
    'Outdoor',
    'Payments',
    'Publishing',
    'Realty',
    'Security',
    'Sports',
    'Telecom',
    'Water',
  ],
  ...[
    'Aviation',
    'Biotech',
    'Capital',
    'Design',
    'Electric',
    'Freight',
    'Games',
    'Hotels',
    'Systems',
    'Works',
  ],
];
export const companySuffix = [
  '',
  'Group',
  'Europe',
  'North',
  'Holdings',
  'Partners',
  'Asia',
  'West',
  'Americas',
  'South',
];
export const segments = ['Enterprise', 'Mid-market', 'Small business', 'Strategic'];
export const plans = ['Starter', 'Growth', 'Scale', 'Enterprise'];
export const regions = ['EMEA', 'Americas', 'APAC'];
export const priorities = ['low', 'normal', 'normal', 'high'];
export const taskTitles = [
  ...[
    'Renewal call prep',
    'QBR deck',
    'Check adoption of reports',
    'Send onboarding summary',
    'Follow up on survey',
  ],
  ...[
    'Review open tickets',
    'Agree success plan',
    'Introduce new contact',
    'Confirm seat count',
    'Plan training session',
  ],
  ...[
    'Share roadmap notes',
    'Clear invoice question',
    'Update health note',
    'Book executive review',
    'Collect reference',
  ],
];
export const playbookNames = [
  ...[
    'New customer onboarding',
    'Renewal in 90 days',
    'Health drops to red',
    'Expansion signal',
    'Champion leaves',
  ],
  ...[
    'Low adoption',
    'Quarterly review',
    'Payment overdue',
    'Survey detractor',
    'Go-live',
    'Trial to paid',
    'Win back',
  ],
];
export const playbookTriggers = ['Segment entered', 'Health score below 40', 'Renewal date', 'Added by hand'];
export const playbookTasks = [
  ...['Call the main contact', 'Write the success plan', 'Check the usage report', 'Hold the kick-off'],
  ...['Ask for feedback', 'Prepare the offer'],
];
export const playbookEmails = [
  ...['Welcome', 'Checking in', 'Your quarterly numbers', 'Renewal coming up', 'New features for you'],
];
export const lifecycleNames = ['Standard lifecycle', 'Enterprise lifecycle', 'Partner lifecycle'];
export const lifecycleStages = ['Onboarding', 'Adoption', 'Growth', 'Renewal'];
export const lifecycleTasks = [
  'Schedule the hand-over call',
  'Review goals',
  'Run the health check',
  'Open the renewal',
];
export const dashboardNames = [
  'My portfolio',
  'Renewals this quarter',
  'Adoption by segment',
  'Open risks',
  'Team load',
  'Survey results',
];
export const viewNames = {
  customers: [
    'My customers',
    'Renewals in 90 days',
    'Red health',
    'No contact in 30 days',
    'Expansion candidates',
    'New this quarter',
    'High value',
    'APAC only',
  ],
  insights: ['Usage by week', 'Churn reasons', 'Survey by segment', 'Feature adoption', 'Time to value'],
};
export const emailSubjects = [
  'Your review on Thursday',
  'Summary of our call',
  'Renewal terms',
  'Training dates',
  'A short survey',
];
export const approvalSubjects = [
  'Discount for renewal',
  'Success plan',
  'Reference request',
  'Contract extension',
  'Credit note',
];
