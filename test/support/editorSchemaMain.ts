/** Writes `media/backends.editor.schema.json`; the unit ring holds it against the strict schema. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { editorSchema } from './editorSchema';
import { repositoryRoot } from './repositoryRoot';

const media = join(repositoryRoot, 'media');
const strict = readFileSync(join(media, 'backends.schema.json'), 'utf8');
const text = JSON.stringify(editorSchema(JSON.parse(strict) as Parameters<typeof editorSchema>[0]), undefined, 2);
writeFileSync(join(media, 'backends.editor.schema.json'), `${text}\n`);
