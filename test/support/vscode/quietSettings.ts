import { join } from 'node:path';
import { repositoryRoot } from '../repositoryRoot';

/** User settings under which the workbench asks nothing, offers nothing and fetches nothing. */
export const quietSettingsFile = join(repositoryRoot, 'test', 'support', 'vscode', 'quietSettings.json');
