/** `npm run schema`: writes feedwright.schema.json, for editors, from the settings as they are in the built program. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './prepare.js';

const { settingsSchema } = await import(join(root, 'dist/parts/settings.js'));
writeFileSync(join(root, 'feedwright.schema.json'), `${JSON.stringify(settingsSchema(), null, 2)}\n`);
