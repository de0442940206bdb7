import { scrubEditorEnvironment } from '../config/editorEnvironment';

/** The environment of this window at this moment, as the person's shell would have it. */
export function windowEnvironment(): Readonly<Record<string, string>> {
  return scrubEditorEnvironment(process.env, process.platform);
}
