import { writeFileSync } from 'node:fs';
import { openapiFile, openapiText } from './openapi-document.ts';

/** `npm run openapi`: writes the contract's OpenAPI document anew. */
writeFileSync(openapiFile, openapiText());
