/** Exchanges the files of a volume as fast as it can until it is ended; each set has one text in all files. */
import { Volume } from '../../../tools/soak/volume.ts';

const names = ['config.yaml', 'values.yaml', 'mesh.yaml', 'objects.yaml'];
const filesOf = (text: string): Record<string, string> => Object.fromEntries(names.map((name) => [name, text]));

const volume = new Volume(process.argv[2] ?? '', filesOf('0'));
process.stdout.write('ready\n');
for (let count = 1; ; count += 1) volume.replace(filesOf(String(count)));
