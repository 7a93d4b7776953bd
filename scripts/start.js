/** `npm start`: from a fresh checkout to served feeds. Arguments are those of `feedwright start`. */
import { prepare } from './prepare.js';

prepare();
process.argv.splice(2, 0, 'start');
await import('../dist/main.js');
